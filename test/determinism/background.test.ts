import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyEvidence } from '../../src/audit/verify-evidence.ts';
import { sha256 } from '../../src/core/hash.ts';
import { openRun } from '../../src/evidence/open.ts';
import { loadStudy } from '../../src/study/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { joinedNamespaces, printed, runWhole, verdictsOf } from './virtual-run.ts';

const study = `format: 2
id: traffic
title: Traffic between two namespaces
experiments:
  - id: traffic
    steps:
      - { id: join, script: join.sh }
      - id: wire
        background:
          - { run: ip netns exec b iperf3 -s, name: server, ready: { listens: 5201, in: b } }
          - run: ip netns exec b tcpdump -i v1 -U -w /tmp/wire.pcap icmp
            name: dump
            ready: { prints: listening on v1 }
            until: step
        commands:
          - { run: ip netns exec a ping -c 3 -i 0.2 10.0.0.2, capture: pings, parse: ping }
          - { run: ip netns exec a iperf3 -c 10.0.0.2 -t 1 -J, capture: transfer, parse: json }
        collect:
          - { file: /tmp/wire.pcap, capture: wire, parse: tcpdump }
      - id: behind
        commands:
          - { run: ip netns exec b ss -tlnH, capture: listening }
          - { run: 'cat /proc/[0-9]*/comm 2>/dev/null | grep tcpdump || echo none', capture: dumps }
  - id: nobody
    after: traffic
    background:
      - { run: ip netns exec b iperf3 -s -p 5202, name: gone, ready: { listens: 5203, in: b }, limitSeconds: 2 }
    commands:
      - { run: ip netns exec b ss -tlnH, capture: others }
    collect:
      - { file: /tmp/none, capture: none }
claims:
  - { id: answered, statement: All pings are answered, expect: pings.received == 3 }
  - { id: served, statement: The server says what it took, expect: 'server.lines.exists(l, l.contains("receiver"))' }
  - { id: dumped, statement: It is the pings that are dumped, expect: 'dump.lines.exists(l, l.startsWith("6 packets captured"))' }
  - id: seen
    statement: Six packets of ICMP are in the file
    expect: wire.packets.filter(p, p.protocol == "ICMP" && p.time < 1.0).size() == 6
  - { id: later, statement: The server is there in the next step, expect: 'listening.text.contains(":5201")' }
  - { id: over, statement: The dump is not, expect: 'dumps.lines == ["none"]' }
  - { id: other, statement: Nothing of it is there in the next experiment, expect: '!others.text.contains(":5201")' }
`;

test('a server and a dump run beside the commands, wait until they are ready, and leave their output and a file', async (t) => {
  const place = join(await temporaryFolder(t), 'study');
  await mkdir(place);
  await writeFile(join(place, 'study.yaml'), study);
  await writeFile(join(place, 'join.sh'), joinedNamespaces);
  const run = await runWhole(t, await loadStudy(place));
  const { folder, events } = run;

  t.regex(await printed(run, 'dump'), /listening on v1[^]*6 packets captured/);
  t.regex(await printed(run, 'server'), /Server listening on 5201[^]*receiver/);
  const wire = await readFile(join(folder, 'captures/wire.pcap'));
  t.is(wire.readUInt32LE(0), 0xa1b2c3d4);
  const collected = events.find((event) => event.kind === 'file-collected');
  t.like(collected, { name: 'wire', file: '/tmp/wire.pcap', bytes: wire.length, sha256: sha256(wire) });

  t.deepEqual(await verdictsOf(folder), {
    answered: 'upheld',
    served: 'upheld',
    dumped: 'upheld',
    seen: 'upheld',
    later: 'upheld',
    over: 'upheld',
    // A process that was to be ready was not: the experiment did not run as written.
    other: 'undecided',
  });
  const failed = events.flatMap((event) => (event.kind === 'command-failed' ? [event] : []));
  t.like(failed, [
    { command: 'cat /tmp/none', status: 1, readiness: null, lastLine: 'there is no file /tmp/none' },
    { command: 'ip netns exec b iperf3 -s -p 5202', readiness: 'late', how: 'stopped' },
  ]);
  const evidence = await openRun(folder);
  t.true(evidence.captures.get('server')?.command?.background?.ready?.how === 'ready');
  t.is((await verifyEvidence(folder)).state, 'sound');
});
