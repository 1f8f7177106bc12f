/** The page of `npm run kselftest`, docs/kselftest.md. */

/** A test of the kernel's runner. */
export interface RanTest {
  readonly description: string;
  /** Its line of TAP, as printed. */
  readonly printed: string;
}

/** What a run of the study in one guest came to. */
export interface GuestRun {
  readonly guest: string;
  /** Of the host, from the command to the report. */
  readonly seconds: number;
  /** Of the host, over the minute before the run. */
  readonly load: number;
  readonly digest: string;
  /** By claim. */
  readonly verdicts: Readonly<Record<string, string>>;
  readonly tests: readonly RanTest[];
}

export interface Page {
  /** Of the kernel's source. */
  readonly version: string;
  readonly made: Date;
  readonly refigure: string;
  readonly runs: readonly GuestRun[];
}

export function isUpheld({ verdicts }: GuestRun): boolean {
  const states = Object.values(verdicts);
  return states.length > 0 && states.every((state) => state === 'upheld');
}

/** How many of the claims are upheld, in words. */
export function upheldOf(run: GuestRun): string {
  const states = Object.values(run.verdicts);
  const upheld = states.filter((state) => state === 'upheld').length;
  return isUpheld(run) ? `all ${upheld}` : `${upheld} of ${states.length}`;
}

/** The page as Markdown. */
export function pageOf({ version, made, refigure, runs }: Page): string {
  return `# Selftests of the kernel

The kernel's source brings tests of itself, and a runner that says in TAP what came of each. Those below are run by that runner in
the two guests whose clock counts instructions, and their TAP lines are the claims of a study,
[test/matrix/kselftest/study.yaml](../test/matrix/kselftest/study.yaml). \`npm run kselftest\` makes this page again, on Debian: it
takes the tests from Debian's package of the kernel's source, the one that the image's kernel was built from, checks it against
\`guest/packages.lock\`, and lays them beside the study. They are no part of this repository.

- Made: ${made.toISOString().slice(0, 10)}, by Refigure ${refigure}
- Source: linux-source-6.1 ${version}

| guest | claims upheld | seconds | load of the host | digest of the run |
| --- | --- | --- | --- | --- |
${runs.map((run) => `| ${run.guest} | ${upheldOf(run)} | ${run.seconds.toFixed(0)} | ${run.load.toFixed(1)} | \`${run.digest}\` |`).join('\n')}

## The claims

${table(
  runs,
  'claim',
  ({ verdicts }) => Object.keys(verdicts),
  (claim, { verdicts }) => verdicts[claim],
)}

## The lines of TAP

Two dots stand for the name of the test.

${table(
  runs,
  'test',
  ({ tests }) => tests.map(({ description }) => description),
  (name, { tests }) => tests.find(({ description }) => description === name)?.printed.replace(name, '..'),
)}

${otherTests}`;
}

/** A row for each name that a run has, a column for each run. */
function table(
  runs: readonly GuestRun[],
  what: string,
  namesOf: (run: GuestRun) => readonly string[],
  cell: (name: string, run: GuestRun) => string | undefined,
): string {
  const names = [...new Set(runs.flatMap(namesOf))];
  const head = [what, ...runs.map(({ guest }) => guest)];
  const rows = names.map((name) => [name, ...runs.map((run) => cell(name, run) ?? 'not there')]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** What was found by hand; a run does not make it again. */
const otherTests = `## What the study leaves out

Some more scripts of \`net\` and \`netfilter\` were tried in \`mini\`, one by one, with the source of 6.1.176-1. This was found by hand.

These pass too, and are left out because a run with them takes about twice as long: \`arp_ndisc_evict_nocarrier.sh\`,
\`arp_ndisc_untracked_subnets.sh\`, \`icmp_redirect.sh\`, \`ndisc_unsolicited_na_test.sh\`, \`traceroute.sh\` and netfilter's \`rpath.sh\`.
\`netdevice.sh\` passes and says nothing, since it looks at cards alone.

These do not pass, for want of something in the guest:

| test | line of TAP | what is missing |
| --- | --- | --- |
| \`net/rtnetlink.sh\` | \`not ok\`, exit status 1 | GRE and ERSPAN, MACsec and IPsec in the kernel, \`uuidgen\`. It prints 11 times PASS, 9 times FAIL, and 3 times SKIP, where it loads modules. |
| \`netfilter/conntrack_icmp_related.sh\` | \`not ok\`, exit status 1 | counters with names in nftables (\`CONFIG_NFT_OBJREF\`) |
| \`netfilter/nft_meta.sh\` | \`SKIP\` | the same |

The runner's own time limit needs \`timeout --foreground\`, which that of the guest does not know. So run.sh has a limit in its
place, which ends a test with another exit status. \`altnames.sh\` reads a library that asks for a packet generator which that test does not
use; \`REQUIRE_MZ=no\`, a setting of that library, tells it so.

Most of the others were not tried, since by their text they need what the guest does not have:

- a compiler: most selftests are C, and so are the helpers of many scripts, as \`nettest\` (\`fcnal-test.sh\`, \`unicast_extensions.sh\`,
  much of \`pmtu.sh\`) and the BPF object of \`veth.sh\`. \`npm run kselftest\` compiles nothing;
- modules: the tests in \`lib\`, and those of drivers and of \`netdevsim\`;
- options of the kernel: cgroups, IPsec (\`xfrm_policy.sh\`, \`vrf-xfrm-tests.sh\`), L2TP, segment routing (\`srv6_*\`), bareudp, AMT;
- programs: Python (\`tc-testing\`), \`devlink\` (\`drop_monitor_tests.sh\`), \`mausezahn\` (most of \`forwarding\`).

Of some, as \`fib_tests.sh\`, \`fib_nexthops.sh\`, \`test_vxlan_vnifiltering.sh\` and netfilter's \`conntrack_tcp_unreplied.sh\` and \`nft_nat.sh\`, it
is not known: they were not run, or not to their end.
`;
