import test from 'ava';
import { mutateRun, type TriedMutation } from '../../../src/audit/mutation/mutate-run.ts';
import { findingsOf } from '../../../src/comparison/findings.ts';
import { packagePath } from '../../../src/core/package.ts';
import { openRun } from '../../../src/evidence/open.ts';

/** What was printed in the run that ships, changed one thing at a time. */
const findings = findingsOf(await openRun(packagePath('reports/veth-pair/reference')));
const claims = mutateRun(findings);

function triedOn(claim: string): readonly TriedMutation[] {
  return claims.find((each) => each.claim === claim)?.tried ?? [];
}

const isChanged = ({ state }: TriedMutation): boolean => state === 'refuted' || state === 'undecided';

test('each line that decides a claim has a change that refutes the claim', (t) => {
  t.is(claims.length, findings.evidence.loaded.study.claims.length);
  let lines = 0;
  for (const { claim, deciders } of findings.verdicts) {
    for (const { observed, kind, lines: deciding } of deciders) {
      const tried = triedOn(claim).filter((each) => each.observed === observed && each.state === 'refuted');
      if (kind === 'topology') {
        // A topology that only has to hold first makes a claim undecided.
        const changed = triedOn(claim).filter((each) => each.observed === observed && isChanged(each));
        t.true(changed.length > 0, `${claim}: ${observed}`);
        continue;
      }
      const isGiven = findings.evidence.loaded.index.claims.get(claim)?.given?.includes(observed) === true;
      for (const line of deciding) {
        lines += 1;
        const onLine = (each: TriedMutation): boolean => each.lines.includes(line);
        const found = isGiven ? triedOn(claim).filter(isChanged).some(onLine) : tried.some(onLine);
        t.true(found, `${claim}: line ${line} of ${observed}`);
      }
    }
  }
  t.true(lines >= 15);
});

/** Changes that no verdict may outlive, by claim and capture; each is tried at least once. */
const fatal: readonly (readonly [claim: string, observed: string, operators: readonly string[]])[] = [
  ...(['ns0_after', 'ns1_after'] as const).map(
    (ping) =>
      [
        'connected',
        ping,
        [
          'every reply from another address',
          'a reply from another address',
          'a reply from another address, and ping says so',
          'a sequence number twice',
          'a sequence number that was not sent',
          'a reply that is missing',
          'statistics of one reply more or less than there are',
          'a loss that is not that of the counts',
          'times that are not within those of the statistics',
          'a packet is lost',
          'no packet is answered',
          'one packet is sent',
          'another address is asked',
          'nothing is printed',
          'cut off in the middle',
        ],
      ] as const,
  ),
  [
    'isolated',
    'isolated',
    ['a packet is answered', 'another address is asked', 'one packet is sent', 'nothing is printed'],
  ],
  ['link-alone', 'ns0_before', ['a packet is answered', 'another address is asked', 'one packet is sent']],
  ['link-alone', 'ns1_before', ['a packet is answered', 'another address is asked', 'one packet is sent']],
  ...(['ns0_routes_after', 'ns1_routes_after'] as const).map(
    (routes) =>
      [
        'route-by-veth',
        routes,
        [
          'without a line',
          'a line twice',
          'a narrower route beside',
          'another address',
          'another prefix length',
          'another device',
          'another gateway, or none',
          'no carrier, or one again',
          'a route that is passed over',
          'packets are dropped',
          'a route of another table',
        ],
      ] as const,
  ),
  ['through-veth', 'ns0_neighbours', ['no hardware address', 'failed, and not']],
  ['ns0-configured', 'ns0_address', ['another name', 'the device is down', 'another address', 'without an address']],
];

test('contradictions and other networks change the verdicts that they bear on', (t) => {
  for (const [claim, observed, operators] of fatal) {
    for (const operator of operators) {
      const tried = triedOn(claim).filter((each) => each.observed === observed && each.operator === operator);
      t.true(tried.length > 0, `${claim}: ${observed}: ${operator} is not tried`);
      const changed = tried.filter(isChanged);
      // Of a list that has more than the line in question, not each change bears on it.
      const isList = observed === 'ns0_address' || observed === 'ns0_neighbours';
      t.true(isList ? changed.length > 0 : changed.length === tried.length, `${claim}: ${observed}: ${operator}`);
    }
  }
});

test('the veth pair is joined by nothing else than both its ends, with carrier', (t) => {
  for (const namespace of ['ns0', 'ns1']) {
    for (const operator of ['no carrier', 'the device is down', 'another name', 'without a device']) {
      const tried = triedOn('joined').filter(
        (each) => each.operator === `${operator} of 'ip -n ${namespace} -d address'`,
      );
      t.true(tried.filter(isChanged).length === 1, `${namespace}: ${operator}`);
    }
  }
});

/** What deciding lines may have otherwise while the claim stays upheld, and why that is right. */
const survivors: readonly (readonly [what: RegExp, why: string])[] = [
  [/: a thousand times as slow$/, 'no claim of this study is about times'],
  [/: (?:a hundred times as long|no time at all)$/, 'no claim of this study is about times'],
  [
    /: another exit status$/,
    'ping ends with 0 or 1, and what it printed says more; behind a pipe its status is another one',
  ],
  [/: ended by its limit, or not$/, 'a ping that its limit ends prints its statistics like any other'],
  [
    /^isolated ns[01]_local: (?:a packet is lost|one packet is sent)$/,
    'that the namespace answers itself has to hold first; one reply shows it',
  ],
  [
    /^through-veth ns[01]_after: (?:a packet is lost|one packet is sent)$/,
    'that there were replies has to hold first; how many is asked by connected',
  ],
  [
    /^through-veth ns[01]_after: (?:a reply from another address, and ping says so|another address is asked)$/,
    'who answered is asked by connected',
  ],
  [/^through-veth ns[01]_neighbours: another hardware address$/, 'the kernel makes it up'],
  [/^route-by-tap ns[01]_routes_before: another address$/, 'the source address is not what the claim is about'],
  [
    /^route-by-tap ns[01]_routes_before: no carrier, or one again$/,
    'the taps have no carrier either way; kernels before 4.1 do not print it',
  ],
];

test('what a deciding line may have otherwise is known, with the reason', (t) => {
  const found = claims.flatMap(({ claim, tried }) =>
    tried
      .filter(({ observed, isDeciding, state }) => {
        const isTopology = findings.observed.get(observed)?.state === 'topology';
        return isDeciding && !isTopology && state === 'upheld';
      })
      .map(({ observed, operator }) => `${claim} ${observed}: ${operator}`),
  );
  t.deepEqual(
    [...new Set(found)].filter((each) => !survivors.some(([what]) => what.test(each))),
    [],
  );
  for (const [what, why] of survivors)
    t.true(
      found.some((each) => what.test(each)),
      `${String(what)}: ${why}`,
    );
});
