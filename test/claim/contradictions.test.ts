import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { judging, type Verdict } from '../../src/claim/judge.ts';
import { observeRun } from '../../src/claim/observations.ts';
import { Court } from '../../src/claim/scope.ts';
import { packagePath } from '../../src/core/package.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun, type Evidence } from '../../src/evidence/open.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A run of the study that ships: what was captured once, judged by the claims of today. */
async function shippedRun(t: ExecutionContext): Promise<Evidence> {
  const folder = join(await temporaryFolder(t), 'run');
  await cp(packagePath('test/fixtures/runs/format-1'), folder, { recursive: true });
  await copyFile(packagePath('experiments/veth-pair/study.yaml'), join(folder, layout.study, 'study.yaml'));
  return openRun(folder);
}

function verdictsOf(evidence: Evidence): readonly Verdict[] {
  const court = new Court(evidence.loaded.written, observeRun(evidence, []));
  return [...judging(evidence.loaded, court, { skipped: new Map(), failuresBefore: new Map() })];
}

/** As if a command had printed something else. */
function withOutput(evidence: Evidence, name: string, edit: Edit): Evidence {
  const found = evidence.captures.get(name);
  if (!found?.command) throw new Error(`there is no capture '${name}'`);
  const output = Buffer.from(edit(found.command.output.toString()));
  const command = { ...found.command, output };
  return { ...evidence, captures: new Map(evidence.captures).set(name, { ...found, command }) };
}

type Edit = (output: string) => string;

const nthReply =
  (nth: number, edit: Edit): Edit =>
  (output) => {
    let seen = 0;
    return output.replaceAll(/^\d+ bytes from .*$/gm, (line) => (++seen === nth ? edit(line) : line));
  };

/** The statistics of a ping that sent one packet, and had its answer. */
const onePacket: Edit = (output) =>
  output
    .replaceAll(/^.*icmp_seq=[234] .*\n/gm, '')
    .replace(/^.* packets transmitted.*$/m, '1 packets transmitted, 1 received, 0% packet loss, time 0ms')
    .replace(/(?<=mdev = ).*/, () => {
      const time = /time=(\S+) ms/.exec(output)?.[1] ?? '';
      return `${time}/${time}/${time}/0.000 ms`;
    });

const mutations: readonly (readonly [what: string, claim: string, capture: string, edit: Edit])[] = [
  ['every reply from another address', 'connected', 'ns0_after', (o) => o.replaceAll('from 10.1.1.2', 'from 10.1.1.9')],
  ['every reply from the own address', 'connected', 'ns0_after', (o) => o.replaceAll('from 10.1.1.2', 'from 10.1.1.1')],
  ['every reply from no address', 'connected', 'ns0_after', (o) => o.replaceAll('from 10.1.1.2', 'from X10.1.1.2')],
  ['one reply from another address', 'connected', 'ns0_after', nthReply(3, (l) => l.replace('10.1.1.2', '10.1.1.9'))],
  ['a ping of the loopback address', 'connected', 'ns0_after', (o) => o.replaceAll('10.1.1.2', '127.0.0.1')],
  ['a ping of a third address', 'connected', 'ns0_after', (o) => o.replaceAll('10.1.1.2', '10.1.1.9')],
  ['a ping of the own address', 'connected', 'ns0_after', (o) => o.replaceAll('10.1.1.2', '10.1.1.1')],
  ['a header that asks another address', 'connected', 'ns0_after', (o) => o.replace('(10.1.1.2)', '(10.1.1.9)')],
  ['packets that were never sent', 'connected', 'ns0_after', (o) => o.replaceAll('icmp_seq=', 'icmp_seq=10')],
  ['a time to live of 0', 'connected', 'ns0_after', nthReply(1, (l) => l.replace(/ttl=\d+/, 'ttl=0'))],
  ['a time to live of 999', 'connected', 'ns0_after', nthReply(2, (l) => l.replace(/ttl=\d+/, 'ttl=999'))],
  ['a reply that is too long', 'connected', 'ns0_after', nthReply(2, (l) => l.replace('64 bytes', '65 bytes'))],
  ['a header of another size', 'connected', 'ns0_after', (o) => o.replace('56(84)', '64(92)')],
  ['a header of two sizes', 'connected', 'ns0_after', (o) => o.replace('56(84)', '56(92000)')],
  [
    'data that came back wrong',
    'connected',
    'ns0_after',
    nthReply(2, (l) => `${l}\nwrong data byte #16 should be 0x10 but was 0x11`),
  ],
  ['wrong data, on the line of a reply', 'connected', 'ns0_after', nthReply(2, (l) => `${l} wrong data byte`)],
  ['a remark on who answered', 'connected', 'ns0_after', nthReply(4, (l) => `${l} (DIFFERENT ADDRESS!)`)],
  [
    'a reply that took longer than the longest',
    'connected',
    'ns0_after',
    nthReply(1, (l) => l.replace(/time=\S+/, 'time=999')),
  ],
  ['a reply that took no time', 'connected', 'ns0_after', nthReply(1, (l) => l.replace(/time=\S+/, 'time=0.001'))],
  [
    'errors, and every packet answered',
    'connected',
    'ns0_after',
    (o) => o.replace('4 received,', '4 received, +4 errors,'),
  ],
  [
    'an error that was not counted',
    'connected',
    'ns0_after',
    nthReply(2, (l) => `${l}\nFrom 10.1.1.1 icmp_seq=2 Destination Host Unreachable`),
  ],
  ['one packet in place of four', 'connected', 'ns0_after', onePacket],
  ['own address: one packet in place of four', 'ns0-local', 'ns0_local', onePacket],
  [
    'own address: every reply from another',
    'ns0-local',
    'ns0_local',
    (o) => o.replaceAll('from 10.1.1.1', 'from 10.1.1.2'),
  ],
  [
    'own address: a ping of the loopback address',
    'ns0-local',
    'ns0_local',
    (o) => o.replaceAll('10.1.1.1', '127.0.0.1'),
  ],
  ['isolation by a ping of another address', 'isolated', 'isolated', (o) => o.replaceAll('10.1.1.2', '10.1.1.9')],
  ['an error of a packet that was never sent', 'isolated', 'isolated', (o) => o.replace('icmp_seq=4', 'icmp_seq=104')],
  [
    'a neighbour that is reached without an address',
    'through-veth',
    'ns0_neighbours',
    (o) => o.replace(/ lladdr \S+/, ''),
  ],
  [
    'a neighbour that is reached and is not',
    'through-veth',
    'ns0_neighbours',
    (o) => `${o}10.1.1.2 dev veth0 FAILED \n`,
  ],
  ['the same route twice', 'route-by-veth', 'ns0_routes_after', (o) => o + o],
  ['a narrower route beside', 'route-by-veth', 'ns0_routes_after', (o) => `${o}10.1.1.0/25 dev tap0 scope link \n`],
  ['a route to the host beside', 'route-by-veth', 'ns0_routes_after', (o) => `${o}10.1.1.2 dev tap0 scope link \n`],
  ['a hole for the host beside', 'route-by-veth', 'ns0_routes_after', (o) => `${o}blackhole 10.1.1.2 \n`],
  ['a hole in place of the route', 'route-by-veth', 'ns0_routes_after', (o) => `blackhole ${o}`],
  ['a route that is passed over', 'route-by-veth', 'ns0_routes_after', (o) => o.replace(/ *\n/, ' dead linkdown \n')],
  ['a route without carrier', 'route-by-veth', 'ns0_routes_after', (o) => o.replace(/ *\n/, ' linkdown \n')],
  ['a route of another table', 'route-by-veth', 'ns0_routes_after', (o) => o.replace(/ *\n/, ' table 99 \n')],
  [
    'before: a narrower route beside',
    'route-by-tap',
    'ns0_routes_before',
    (o) => `10.1.1.0/25 dev veth0 scope link \n${o}`,
  ],
  [
    'before: a route that is passed over',
    'route-by-tap',
    'ns0_routes_before',
    (o) => o.replace(' linkdown', ' dead linkdown'),
  ],
];

test('the claims of the study that ships are upheld by what was captured', async (t) => {
  const verdicts = verdictsOf(await shippedRun(t));
  t.is(verdicts.length, 11);
  for (const { claim, state, reason } of verdicts) t.is(state, 'upheld', `${claim} ${JSON.stringify(reason)}`);
});

test('each contradiction, and what a claim must not pass over, keeps the claim from being upheld', async (t) => {
  const evidence = await shippedRun(t);
  for (const [what, claim, name, edit] of mutations) {
    const output = evidence.captures.get(name)?.command?.output.toString() ?? '';
    t.not(edit(output), output, what);
    const verdict = verdictsOf(withOutput(evidence, name, edit)).find((one) => one.claim === claim);
    t.true(verdict?.state === 'refuted' || verdict?.state === 'undecided', `${claim}: ${what}`);
  }
});
