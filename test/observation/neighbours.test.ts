import test from 'ava';

import { parseNeighbours } from '../../src/observation/neighbours.ts';
import { capture, iproute2Versions } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

test('the way that packets took is read from both entries', (t) => {
  t.deepEqual(parseNeighbours(capture('iproute2-4.11/lab-neigh.txt')), {
    state: 'read',
    observation: {
      kind: 'neighbours',
      neighbours: [
        { line: 1, address: '10.1.1.2', device: 'tap0', mac: null, state: 'FAILED' },
        { line: 2, address: '10.1.1.2', device: 'veth0', mac: '92:c0:ef:ce:1d:da', state: 'REACHABLE' },
      ],
    },
  });
  t.deepEqual(parseNeighbours(capture('iproute2-6.1.0/lab-neigh.txt')), {
    state: 'read',
    observation: {
      kind: 'neighbours',
      neighbours: [
        { line: 1, address: '10.1.1.2', device: 'veth0', mac: 'ae:20:89:13:f8:48', state: 'REACHABLE' },
        { line: 2, address: '10.1.1.2', device: 'tap0', mac: null, state: 'FAILED' },
      ],
    },
  });
});

for (const program of [...iproute2Versions.map((version) => `iproute2-${version}`), 'busybox-1.35.0']) {
  test(`${program}: states, IPv6 and statistics`, (t) => {
    const reading = parseNeighbours(capture(`${program}/zoo-neigh.txt`));
    if (reading.state !== 'read') return t.fail(whyNotRead(reading));
    const states = new Map(reading.observation.neighbours.map(({ address, state }) => [address, state]));
    t.is(states.get('10.3.0.50'), 'PERMANENT');
    t.is(states.get('10.3.0.53'), 'REACHABLE');
    t.is(states.get('fe80::52'), 'STALE');
  });
}

for (const version of iproute2Versions) {
  test(`iproute2 ${version}: statistics of -s are passed over`, (t) => {
    const reading = parseNeighbours(capture(`iproute2-${version}/zoo-neigh-s.txt`));
    t.is(reading.state === 'read' && reading.observation.neighbours[0]?.mac, '02:00:00:00:00:50');
  });

  test(`iproute2 ${version}: no line is an empty table`, (t) => {
    t.deepEqual(parseNeighbours(capture(`iproute2-${version}/neigh-empty.txt`)), {
      state: 'read',
      observation: { kind: 'neighbours', neighbours: [] },
    });
  });

  test(`iproute2 ${version}: lines without a device are unreadable`, (t) => {
    t.is(parseNeighbours(capture(`iproute2-${version}/zoo-neigh-dev.txt`)).state, 'unreadable');
  });
}

for (const text of [
  'Cannot open network namespace "ns0": No such file or directory\n',
  '10.1.1.2 dev tap0\n',
  '10.1.1.2 dev tap0 FAILED STALE\n',
  '10.1.1 dev tap0 FAILED\n',
  '10.1.1.2 dev tap0 lladdr FAILED\n',
  '10.1.1.2 dev tap0 FAI\ufffdED\n',
  '10.1.1.2 dev tap0 FAILED',
  '\n',
]) {
  test(`unreadable: ${JSON.stringify(text)}`, (t) => {
    t.is(parseNeighbours(text).state, 'unreadable');
  });
}

test('an entry that stands there twice is unreadable, for the kernel has one for each address and device', (t) => {
  const text = capture('iproute2-6.1.0/lab-neigh.txt');
  t.like(parseNeighbours(`${text}10.1.1.2 dev veth0 FAILED \n`), { state: 'unreadable', line: 3 });
  t.is(parseNeighbours(`${text}10.1.1.2 dev veth1 FAILED \n`).state, 'read');
});
