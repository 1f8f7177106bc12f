import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { judging } from '../../src/claim/judge.ts';
import { observeCapture } from '../../src/claim/observations.ts';
import { Court } from '../../src/claim/scope.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { observeBytes, parserNames, type Parse, type ParserName } from '../../src/observation/observe.ts';
import { readTopology } from '../../src/observation/read-topology.ts';
import { extraProbes, type ProbeAnswers } from '../../src/observation/probe-answers.ts';
import { allCaptures, iproute2Versions, probes } from '../observation/captures.ts';
import { holds } from '../support/property.ts';
import { damaged, damagedBytes, hostileText } from './inputs.ts';

const captures = allCaptures().filter(({ text }) => text.length < 6000);

/** Of the readers that no real program's captures are kept of. */
const others: Partial<Readonly<Record<ParserName, readonly string[]>>> = {
  json: ['{"a":[1,2.5,{"b":null}],"c":"text","end":{"sum":{"bits_per_second":1e6}}}\n', '[]\n', '7\n'],
  csv: ['name,value\nfirst,1\n"with, comma","2.5"\n"a ""quoted"" word",\n'],
  tap: [
    'TAP version 14\n1..3\nok 1 - first\nnot ok 2 - second # TODO later\n  ---\n  message: x\n  ...\nok 3 # SKIP no\n',
  ],
  number: ['42\n', '-1.5e3\n', ' 7 \n'],
};

/** A file of two packets: one of Ethernet that holds an ICMP echo request, one that was cut off. */
function packetFile(): Buffer {
  const words = (...numbers: number[]): Buffer => Buffer.from(Uint32Array.from(numbers).buffer);
  const frame = Buffer.from(
    '0202020202020101010101010800' + '4500001c00004000400126de0a0101010a010102' + '0800f7ff00000000',
    'hex',
  );
  const header = Buffer.concat([words(0xa1b2c3d4), Buffer.of(2, 0, 4, 0), words(0, 0, 65535, 1)]);
  const record = words(1_700_000_000, 5, frame.length, frame.length);
  return Buffer.concat([header, record, frame, words(1_700_000_001, 6, 60, 60), frame.subarray(0, 20)]);
}

const shapes: readonly Parse[] = [
  { regex: '(?<name>\\w+) (?<value>\\d+)', types: { value: 'int' } },
  { regex: '(?<all>(?:a|b)+)$', each: 'text' },
  { table: { header: 1 } },
  { number: 'time (\\d+)' },
];

const seedsOf = (name: ParserName): Buffer[] => {
  const texts = [...captures.filter(({ parser }) => parser === name).map(({ text }) => text), ...(others[name] ?? [])];
  return [...texts.map((text) => Buffer.from(text)), ...(name === 'tcpdump' ? [packetFile()] : [])];
};

for (const name of parserNames) {
  test(`${name}: whatever was printed is read, or refused with a reason`, async (t) => {
    const seeds = seedsOf(name);
    t.true(seeds.length > 0);
    const texts = damaged(seeds.map((bytes) => bytes.toString('latin1'))).map((text) => Buffer.from(text, 'latin1'));
    const anyOutput = fc.property(
      fc.oneof(
        texts,
        damagedBytes(seeds),
        hostileText.map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const reading = observeBytes(name, bytes);
        if (reading.state === 'unreadable') assert.notEqual(reading.reason, '');
        else assert.equal(typeof reading.observation.kind, 'string');
        if (reading.state === 'partly') assert.ok(reading.unread.every(({ line }) => line >= 1));
      },
    );
    await holds(t, anyOutput, 1500);
  });
}

test('whatever was printed is read in a shape of the study, or refused', async (t) => {
  const seeds = ['first 1\nsecond 22\n', 'aabab', 'name value\nx 1\ny 2\n', 'time 7 ms\n'];
  const anyOutput = fc.property(fc.constantFrom(...shapes), damaged(seeds), (shape, text) => {
    observeBytes(shape, Buffer.from(text));
  });
  await holds(t, anyOutput, 2000);
});

/** What tools say beyond `ip`, as topologies have it. */
const answers: Readonly<Record<(typeof extraProbes)[number], string>> = {
  forwarding:
    'inet lo forwarding on rp_filter off mc_forwarding off proxy_neigh off\ninet6 all forwarding off mc_forwarding off\n',
  vlans: 'port\tvlan-id  \nbr0\t1 PVID Egress Untagged\np1\t10 PVID Egress Untagged\n\t20-30\n',
  qdiscs:
    'qdisc netem 8001: dev veth0 root refcnt 2 limit 1000 delay 50ms loss 10%\nqdisc noqueue 0: dev lo root refcnt 2 \n',
  nft: 'table ip nat {\n\tchain post {\n\t\ttype nat hook postrouting priority 100; policy accept;\n\t\toifname "wan" masquerade\n\t}\n}\n',
  iptables: '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [1:84]\n-A FORWARD -i lan -j ACCEPT\nCOMMIT\n',
  ip6tables: '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n',
  wireguard:
    'interface: wg0\n  public key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n  private key: (hidden)\n  listening port: 51820\n',
};

test('whatever the probes of a network printed, it is put together, or refused with a reason', async (t) => {
  const whole = iproute2Versions.map((version) => probes('veth', version));
  const anyNetwork = fc.property(
    fc.constantFrom(...whole),
    fc.nat(20),
    fc.constantFrom('list', 'address', 'routes', 'ids', ...extraProbes),
    damaged(captures.map(({ text }) => text)),
    (given, at, which, hostile) => {
      const namespaces = given.namespaces.map((probe, nth) => {
        const asked: ProbeAnswers = Object.fromEntries(
          extraProbes.map((name) => [name, { command: name, status: 0, output: answers[name] }]),
        );
        if (nth !== at % given.namespaces.length) return { ...probe, answers: asked };
        if (which in answers)
          return { ...probe, answers: { ...asked, [which]: { command: which, status: 0, output: hostile } } };
        return which === 'list' ? probe : { ...probe, [which]: hostile };
      });
      const reading = readTopology({ list: which === 'list' ? hostile : given.list, namespaces });
      if (reading.state === 'unreadable') assert.notEqual(reading.reason, '');
    },
  );
  await holds(t, anyNetwork, 800);
});

for (const name of extraProbes) {
  test(`${name}: whatever the tool printed, a network is read`, async (t) => {
    const [given] = iproute2Versions.map((version) => probes('veth', version));
    const anyAnswer = fc.property(damaged([answers[name]]), fc.constantFrom(0, 1, null), (output, status) => {
      const namespaces = (given?.namespaces ?? []).map((probe) => ({
        ...probe,
        answers: { [name]: { command: name, status, output } },
      }));
      assert.equal(readTopology({ list: given?.list ?? '', namespaces }).state, 'read');
    });
    await holds(t, anyAnswer, 400);
  });
}

test('no claim of the reference run is upheld by garbage in place of a capture that it reads', async (t) => {
  const { evidence, court, observed } = findingsOf(await openRun(packagePath('reports/veth-pair/reference')));
  const doubts = { skipped: new Map(), failuresBefore: new Map() };
  const readers = evidence.loaded.study.claims.flatMap((claim) =>
    court
      .scopesOf(claim)
      .flatMap((scope) => scope.namesIn([claim.given, claim.expect]))
      .filter((name) => evidence.captures.has(name))
      .map((name) => ({ claim, name })),
  );
  t.true(readers.length > 15);
  const noise = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 200 }), fc.constant(''));
  const anyGarbage = fc.property(fc.constantFrom(...readers), noise, ({ claim, name }, text) => {
    const capture = evidence.captures.get(name);
    const parser = evidence.loaded.index.captures.get(name)?.parser ?? null;
    if (capture?.command == null) throw new Error(`${name} did not run`);
    const command = { ...capture.command, output: Buffer.from(text) };
    const others = new Map(observed).set(name, observeCapture({ ...capture, command }, parser, false));
    const one = { ...evidence.loaded, study: { ...evidence.loaded.study, claims: [claim] } };
    const [verdict] = judging(one, new Court(evidence.loaded.written, others), doubts);
    assert.notEqual(verdict?.state, 'upheld', claim.id);
  });
  await holds(t, anyGarbage, 2000);
});
