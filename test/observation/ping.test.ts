import test from 'ava';

import { parsePing } from '../../src/observation/ping.ts';
import type { PingObservation } from '../../src/observation/types.ts';
import { capture, iputilsVersions } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

const pings = [...iputilsVersions.map((version) => `iputils-${version}`), 'busybox-1.35.0'];

function read(path: string): PingObservation {
  const reading = parsePing(capture(path));
  if (reading.state !== 'read') throw new Error(`${path}: ${whyNotRead(reading)}`);
  return reading.observation;
}

test('a ping that was answered is read in full', (t) => {
  t.deepEqual(parsePing(capture('iputils-20160308/lab-ping-reply.txt')), {
    state: 'read',
    observation: {
      kind: 'ping',
      line: 8,
      destination: '10.1.1.1',
      address: '10.1.1.1',
      source: null,
      payloadBytes: 56,
      transmitted: 4,
      received: 4,
      errors: 0,
      duplicates: 0,
      lossPercent: 0,
      timeMs: 3029,
      rtt: { line: 9, minMs: 0.264, avgMs: 1.525, maxMs: 5.207, mdevMs: 2.126 },
      responders: ['10.1.1.1'],
      sequences: [1, 2, 3, 4],
      remarks: [],
      replies: [
        { line: 2, from: '10.1.1.1', bytes: 64, sequence: 1, ttl: 64, timeMs: 5.2, duplicate: false, remark: null },
        { line: 3, from: '10.1.1.1', bytes: 64, sequence: 2, ttl: 64, timeMs: 0.294, duplicate: false, remark: null },
        { line: 4, from: '10.1.1.1', bytes: 64, sequence: 3, ttl: 64, timeMs: 0.337, duplicate: false, remark: null },
        { line: 5, from: '10.1.1.1', bytes: 64, sequence: 4, ttl: 64, timeMs: 0.264, duplicate: false, remark: null },
      ],
      failures: [],
    },
  });
});

test('unreachable hosts are read as failures beside the count of errors', (t) => {
  t.deepEqual(parsePing(capture('iputils-20221126/lab-ping-source.txt')), {
    state: 'read',
    observation: {
      kind: 'ping',
      line: 6,
      destination: '10.1.1.4',
      address: '10.1.1.4',
      source: '10.1.1.3',
      payloadBytes: 56,
      transmitted: 2,
      received: 0,
      errors: 2,
      duplicates: 0,
      lossPercent: 100,
      timeMs: 1008,
      rtt: null,
      responders: [],
      sequences: [],
      remarks: [],
      replies: [],
      failures: [
        { line: 2, from: '10.1.1.3', sequence: 1, reason: 'Destination Host Unreachable' },
        { line: 3, from: '10.1.1.3', sequence: 2, reason: 'Destination Host Unreachable' },
      ],
    },
  });
});

test('busybox prints neither wall time nor mean deviation', (t) => {
  const observation = read('busybox-1.35.0/ping-lossy.txt');
  t.deepEqual(observation, {
    kind: 'ping',
    line: 5,
    destination: '10.1.1.1',
    address: '10.1.1.1',
    source: null,
    payloadBytes: 56,
    transmitted: 3,
    received: 1,
    errors: 0,
    duplicates: 0,
    lossPercent: 66,
    timeMs: null,
    rtt: { line: 6, minMs: 21.562, avgMs: 21.562, maxMs: 21.562, mdevMs: null },
    responders: ['10.1.1.1'],
    sequences: [2],
    remarks: [],
    replies: [
      { line: 2, from: '10.1.1.1', bytes: 64, sequence: 2, ttl: 64, timeMs: 21.562, duplicate: false, remark: null },
    ],
    failures: [],
  });
});

for (const ping of pings) {
  test(`${ping}: three of three, none of two, and what was sent without an answer`, (t) => {
    const answered = read(`${ping}/ping-own.txt`);
    t.like(answered, { transmitted: 3, received: 3, lossPercent: 0, destination: '10.1.1.1' });
    t.is(answered.replies.length, 3);
    t.not(answered.rtt, null);
    t.like(read(`${ping}/ping-silent.txt`), { transmitted: 2, received: 0, lossPercent: 100, rtt: null, replies: [] });
    t.like(read(`${ping}/ping-unreachable.txt`), { transmitted: 3, received: 0, lossPercent: 100 });
    t.like(read(`${ping}/ping-quiet.txt`), { transmitted: 2, received: 2, lossPercent: 0, replies: [] });
  });

  test(`${ping}: the second answer to one broadcast is a duplicate, said or not`, (t) => {
    const { received, duplicates, replies } = read(`${ping}/ping-duplicates.txt`);
    t.deepEqual([received, duplicates], [2, 1]);
    t.deepEqual(
      replies.map(({ duplicate }) => duplicate),
      [false, true, false],
    );
  });

  test(`${ping}: a name is kept as the destination, its address as the sender`, (t) => {
    const { destination, replies } = read(`${ping}/ping-host-name.txt`);
    t.is(destination, 'localhost');
    t.deepEqual(new Set(replies.map(({ from }) => from)), new Set(['127.0.0.1']));
  });

  test(`${ping}: why it could not start is the reason why it is unreadable`, (t) => {
    for (const [file, reason] of [
      ['ping-network-unreachable.txt', /Network is unreachable$/],
      ['ping-unknown-host.txt', /nosuchhost/],
      ['ping-no-device.txt', /nope|No such device/],
    ] as const) {
      const reading = parsePing(capture(`${ping}/${file}`));
      t.is(reading.state, 'unreadable', file);
      if (reading.state === 'unreadable') t.regex(reading.reason, reason);
    }
  });
}

test('the reason of a network that cannot be reached is what ping said, word for word', (t) => {
  t.deepEqual(parsePing(capture('iputils-20160308/ping-network-unreachable.txt')), {
    state: 'unreadable',
    reason: 'connect: Network is unreachable',
    line: 1,
  });
  t.deepEqual(parsePing(capture('iputils-20221126/ping-network-unreachable.txt')), {
    state: 'unreadable',
    reason: 'ping: connect: Network is unreachable',
    line: 1,
  });
});

test('loss is taken as printed: older iputils cut the decimals off', (t) => {
  t.is(read('iputils-20160308/ping-lossy.txt').lossPercent, 66);
  t.is(read('iputils-20221126/ping-lossy.txt').lossPercent, 66.6667);
});

test('errors of ping itself are failures without a sender, wherever their line stands', (t) => {
  // iputils 20160308 wrote them to standard error before its buffered header came out.
  const old = read('iputils-20160308/ping-too-big.txt');
  t.deepEqual(old.failures[0], {
    line: 1,
    from: null,
    sequence: null,
    reason: 'local error: Message too long, mtu=1500',
  });
  t.is(old.failures.length, 2);
  t.is(read('iputils-20250605+33/ping-too-big.txt').failures.length, 2);
  t.deepEqual(read('iputils-20160308/ping-route-lost.txt').failures, [
    { line: 4, from: null, sequence: null, reason: 'sendmsg: Network is unreachable' },
  ]);
});

test('a router that lets no packet live longer is a failure with its address', (t) => {
  const [first] = read('iputils-20250605+33/ping-ttl-exceeded.txt').failures;
  t.deepEqual(first, { line: 2, from: '10.2.0.1', sequence: 1, reason: 'Time to live exceeded' });
});

test('warnings, timestamps, floods and IPv6 do not hide the statistics', (t) => {
  for (const version of iputilsVersions) {
    t.like(read(`iputils-${version}/ping-device.txt`), { received: 2, failures: [] });
    t.is(read(`iputils-${version}/ping-timestamps.txt`).replies.length, 2);
    t.like(read(`iputils-${version}/ping-flood.txt`), { transmitted: 20, received: 20, replies: [] });
  }
  t.is(read('iputils-20221126/ping-ipv6.txt').destination, '::1');
  t.is(read('iputils-20250605+33/ping-ipv6.txt').destination, '::1');
  t.is(read('busybox-1.35.0/ping-ipv6.txt').destination, '::1');
});

test('packets too small to hold a time are read without times', (t) => {
  for (const version of iputilsVersions) {
    const { received, rtt, replies } = read(`iputils-${version}/ping-small.txt`);
    t.deepEqual([received, rtt], [2, null]);
    t.deepEqual(
      replies.map(({ bytes, timeMs }) => [bytes, timeMs]),
      [
        [16, null],
        [16, null],
      ],
    );
  }
  t.is(read('busybox-1.35.0/ping-small.txt').replies[0]?.timeMs, 1.757);
});

test('whom a ping asked is told of the header, and who answered of the replies', (t) => {
  for (const ping of pings) {
    t.like(read(`${ping}/ping-host-name.txt`), { address: '127.0.0.1', responders: ['127.0.0.1'], source: null });
    t.deepEqual(read(`${ping}/ping-duplicates.txt`).responders, ['10.2.0.12', '10.2.0.11']);
    t.deepEqual(read(`${ping}/ping-quiet.txt`).responders, []);
  }
  t.like(read('iputils-20221126/ping-device.txt'), { address: '10.1.1.2', source: '10.1.1.1' });
  t.deepEqual(read('busybox-1.35.0/ping-own.txt').sequences, [0, 1, 2]);
  t.is(read('iputils-20160308/ping-small.txt').payloadBytes, 8);
  const named = 'PING localhost(localhost (::1)) 56 data bytes';
  const text = capture('iputils-20221126/ping-ipv6.txt')
    .replace(/^PING.*/, named)
    .replace('--- ::1', '--- localhost');
  t.like(parsePing(text), { state: 'read', observation: { destination: 'localhost', address: '::1' } });
});

test('what ping remarks on a reply is kept, and no contradiction', (t) => {
  const edited = (pattern: RegExp, by: string): unknown => {
    const reading = parsePing(reply.replace(pattern, by));
    return reading.state === 'read' ? [reading.observation.remarks, reading.observation.responders] : reading;
  };
  const own = ['10.1.1.1'];
  t.deepEqual(edited(/1(: icmp_seq=2 .*)/, '9$1 (DIFFERENT ADDRESS!)'), [['DIFFERENT ADDRESS!'], [...own, '10.1.1.9']]);
  t.deepEqual(edited(/64( bytes.*seq=2 ttl=64).*/, '32$1 (truncated)'), [['truncated'], own]);
  const wrong = 'wrong data byte #16 should be 0x10 but was 0x11';
  t.deepEqual(edited(/(seq=2 .*)/, `$1\n${wrong}\n#16\t11 11 12 13 `), [[wrong], own]);
});

test('what real networks do is no contradiction', (t) => {
  const many = reply.replaceAll(/10\.1\.1\.1(?=[ )])/g, '224.0.0.1').replaceAll('from 224.0.0.1:', 'from 10.1.1.7:');
  t.is(parsePing(many).state, 'read', 'a multicast is answered by others');
  const any = reply.replace('PING 10.1.1.1', 'PING 0.0.0.0').replace('--- 10.1.1.1', '--- 0.0.0.0');
  t.is(parsePing(any).state, 'read', 'iputils says which address 0.0.0.0 is');
  const advised = reply
    .replace(/(64 bytes.*seq=2)/, 'From 10.1.1.254 icmp_seq=2 Redirect Host(New nexthop: 10.1.1.1)\n$1')
    .replace('3 received,', '3 received, +1 errors,');
  t.is(parsePing(advised).state, 'read', 'a redirect, counted');
  t.is(parsePing(advised.replace(' +1 errors,', '')).state, 'read', 'a redirect, not counted');
  const zoned = capture('iputils-20221126/ping-ipv6.txt').replaceAll('::1', 'fe80::1%veth0');
  t.is(parsePing(zoned.replaceAll('from fe80::1%veth0', 'from fe80::1')).state, 'read', 'the zone is left out');
});

test('a ping that was stopped by hand is read, one that was killed is not', (t) => {
  t.like(read('iputils-20221126/ping-interrupted.txt'), { transmitted: 2, received: 2 });
  for (const ping of ['iputils-20221126', 'busybox-1.35.0']) {
    const reading = parsePing(capture(`${ping}/ping-killed.txt`));
    t.like(reading, { state: 'unreadable', reason: 'no statistics: ping was killed, or the capture was cut off' });
  }
});

test('an empty capture is unreadable', (t) => {
  t.is(parsePing('').state, 'unreadable');
  t.is(parsePing('\n').state, 'unreadable');
});

test('carriage returns, as a terminal adds them, change nothing', (t) => {
  for (const ping of pings) {
    const text = capture(`${ping}/ping-own.txt`);
    t.deepEqual(parsePing(text.replaceAll('\n', '\r\n')), parsePing(text));
  }
});

const reply = capture('iputils-20221126/ping-own.txt');
const silent = capture('iputils-20221126/ping-silent.txt');

for (const [what, text] of [
  ['more received than sent', reply.replace('3 received', '4 received')],
  ['fewer received than the loss says', reply.replace('3 received', '2 received')],
  ['a loss that does not fit', reply.replace('0% packet loss', '33% packet loss')],
  ['loss and nothing lost', silent.replace('100% packet loss', '0% packet loss')],
  ['something received and no round-trip times', silent.replace(' 0 received, 100%', ' 2 received, 0%')],
  ['round-trip times and nothing received', reply.replace('3 received, 0%', '0 received, 100%')],
  ['a reply line more than were received', reply.replace(/^(64 bytes.*seq=)1( .*)$/m, '$11$2\n$19$2')],
  ['a reply line that is gone', reply.replace(/^64 bytes.*seq=2.*\n/m, '')],
  ['a reply after the end', `${reply}64 bytes from 10.1.1.1: icmp_seq=4 ttl=64 time=1.00 ms\n`],
  ['statistics of another host', reply.replace('--- 10.1.1.1 ', '--- 10.1.1.2 ')],
  ['two pings in one capture', reply + reply],
  ['an average below the minimum', reply.replace(/= [\d.]+\//, '= 999.000/')],
  ['nothing sent', silent.replace('2 packets', '0 packets')],
  ['no header', reply.replace(/^PING.*\n/, '')],
  ['a damaged reply', reply.replace('ttl=64', 'ttl=\ufffd4')],
  ['a header of two addresses', reply.replace('(10.1.1.1)', '(10.1.1.9)')],
  ['a header of two sizes', reply.replace('56(84)', '56(85000)')],
  ['a reply from another address', reply.replace('from 10.1.1.1: icmp_seq=2', 'from 10.1.1.9: icmp_seq=2')],
  ['a reply from what is no address', reply.replace('from 10.1.1.1: icmp_seq=2', 'from X10.1.1.1: icmp_seq=2')],
  ['a reply to a packet that was not sent', reply.replace('icmp_seq=3', 'icmp_seq=4')],
  ['a reply to packet 0 of iputils', reply.replace('icmp_seq=1', 'icmp_seq=0')],
  ['a reply with no time to live', reply.replace('ttl=64', 'ttl=0')],
  ['a reply with more time to live than fits', reply.replace('ttl=64', 'ttl=256')],
  ['a reply of another size', reply.replace('64 bytes', '65 bytes')],
  ['a time above the largest', reply.replace('time=7.64', 'time=7.66')],
  ['a time below the smallest', reply.replace('time=0.650', 'time=0.648')],
  ['wrong data of no reply', reply.replace('64 bytes', 'wrong data byte #16 should be 0x10 but was 0x11\n64 bytes')],
  ['errors that no packet is left for', reply.replace('3 received,', '3 received, +3 errors,')],
  ['an error that is not counted', silent.replace('\n\n', '\nFrom 10.1.1.1 icmp_seq=1 Time to live exceeded\n\n')],
  ['a NUL in the statistics', reply.replace(' received', '\0 received')],
] as const) {
  test(`not read as a whole: ${what}`, (t) => {
    t.false(text === reply || text === silent);
    const isOneLine = ['a damaged reply', 'a reply from what is no address'].includes(what);
    t.is(parsePing(text).state, isOneLine ? 'partly' : 'unreadable');
  });
}

test('a reply that cannot be read is one of those that were counted', (t) => {
  const damaged = reply.replace('ttl=64', 'ttl=\ufffd4');
  const reading = parsePing(damaged);
  if (reading.state !== 'partly') return t.fail(reading.state);
  t.like(reading.observation, { transmitted: 3, received: 3, sequences: [2, 3] });
  t.deepEqual(
    reading.unread.map(({ line }) => line),
    [2],
  );
  t.is(parsePing(damaged.replace('3 received, 0%', '1 received, 66.6667%')).state, 'unreadable');
  t.is(parsePing(damaged.replace(/^64 bytes.*seq=3.*\n/m, '')).state, 'unreadable');
});

test('what speaks of packets in words that are not known may be a failure', (t) => {
  t.like(parsePing(silent.replace('\n\n', '\nNetwork seems unreachable\n\n')), {
    state: 'partly',
    unread: [{ line: 2 }],
  });
  t.is(parsePing(silent.replace('\n\n', '\nsudo: unable to resolve host\n\n')).state, 'read');
});
