import test, { type ExecutionContext } from 'ava';
import { parsePing } from '../../src/observation/ping.ts';
import type { PingObservation } from '../../src/observation/types.ts';
import { capture } from './captures.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

/*
 * What ping prints with options, and pings that no capture is at hand of, after the sources of iputils
 * (ping/ping.c, ping_common.c) and GNU inetutils (ping/ping.c, ping_echo.c).
 */

function read(t: ExecutionContext, text: string): PingObservation {
  const reading = parsePing(text);
  if (reading.state === 'read') return reading.observation;
  t.log(text);
  throw new Error(whyNotRead(reading));
}

const own = capture('iputils-20221126/ping-own.txt');
const small = capture('busybox-1.35.0/ping-small.txt');

/** Two answered packets of inetutils, and what stands between. */
function inetutils(replies: string, statistics: string): string {
  return `PING 10.2.2.1 (10.2.2.1): 56 data bytes\n${replies}--- 10.2.2.1 ping statistics ---\n${statistics}`;
}
const first = '64 bytes from 10.2.2.1: icmp_seq=0 ttl=63 time=0.048 ms\n';
const times = 'round-trip min/avg/max/stddev = 0.048/0.056/0.064/0.008 ms\n';

test('inetutils: duplicates, and replies by a name', (t) => {
  const named = '64 bytes from h.example (10.2.2.1): icmp_seq=0 ttl=63 time=0.064 ms (DUP!)\n';
  const ping = read(
    t,
    inetutils(first + named, `1 packets transmitted, 1 packets received, +1 duplicates, 0% packet loss\n${times}`),
  );
  t.like(ping, { received: 1, duplicates: 1, remarks: [], responders: ['10.2.2.1'], sequences: [0] });
});

test('inetutils: what a router answers is a failure, of which packet is not said', (t) => {
  const replies =
    '92 bytes from r.example (10.2.0.1): Time to live exceeded\n36 bytes from 10.2.0.1: Redirect Host\n36 bytes from 10.2.0.1: Destination Host Unreachable\n';
  const { failures, received } = read(
    t,
    inetutils(replies, '2 packets transmitted, 0 packets received, 100% packet loss\n'),
  );
  t.is(received, 0);
  t.deepEqual(failures, [
    { line: 2, from: '10.2.0.1', sequence: null, reason: 'Time to live exceeded' },
    { line: 4, from: '10.2.0.1', sequence: null, reason: 'Destination Host Unreachable' },
  ]);
});

test('inetutils: the number of the process in the header (-v), quiet, interrupted, and a flood', (t) => {
  const statistics = `2 packets transmitted, 2 packets received, 0% packet loss\n${times}`;
  const quiet = inetutils('', statistics);
  t.like(read(t, quiet.replace('data bytes', 'data bytes, id 0x1267 = 4711')), { received: 2, payloadBytes: 56 });
  t.is(read(t, quiet.replace('--- ', '^C--- ')).received, 2);
  t.is(read(t, quiet.replace('--- ', '.\b.\b--- ')).received, 2);
});

test('inetutils does not time packets that busybox would', (t) => {
  const ping = inetutils(
    '16 bytes from 10.2.2.1: icmp_seq=0 ttl=63\n',
    '1 packets transmitted, 1 packets received, 0% packet loss\n',
  ).replace('56 data', '8 data');
  t.like(read(t, ping), { received: 1, rtt: null, replies: [{ bytes: 16, timeMs: null }] });
  t.is(parsePing(small.replace(/^round-trip.*\n/m, '')).state, 'unreadable', 'a reply of busybox has a time');
});

test('BSD: one decimal of the loss', (t) => {
  const ping = inetutils(first, `3 packets transmitted, 1 packets received, 66.7% packet loss\n${times}`);
  t.is(read(t, ping.replaceAll('0.056/0.064', '0.048/0.048')).lossPercent, 66.7);
});

test('of inetutils, too, what is cut off or contradicts itself is unreadable', (t) => {
  const statistics = '1 packets transmitted, 1 packets received, 0% packet loss\n';
  for (const text of [
    inetutils(first, statistics),
    inetutils(first, statistics + times.replace('/stddev', '')),
    inetutils(first, statistics + times.replace('/0.008', '')),
    inetutils(first + first.replace('seq=0', 'seq=1'), statistics + times),
    inetutils(first, `${statistics.replace('0%', '1%')}${times}`),
  ]) {
    t.is(parsePing(text).state, 'unreadable', text);
  }
});

test('-R: the route is passed over, and that it is the same again is no remark', (t) => {
  const route = 'RR: \t10.1.1.1\n\t10.1.1.1\n\th.example (10.1.1.1)\n\n';
  const text = own
    .replace('56(84)', '56(124)')
    .replace(/(icmp_seq=1 .*\n)/, `$1${route}`)
    .replace(/(icmp_seq=[23] .*)\n/g, '$1\t(same route)\n');
  t.like(read(t, text), { received: 3, remarks: [], failures: [] });
});

test('-v: what else came in answers none of these packets, and sockets are no failure', (t) => {
  const said =
    'ping: sock4.fd: 3 (socktype: SOCK_RAW), sock6.fd: 4 (socktype: SOCK_RAW), hints.ai_family: AF_UNSPEC\n\n';
  const text = said + own.replace(/(icmp_seq=2 .*\n)/, '$1From 10.1.1.9: Timestamp Reply\n');
  t.deepEqual(read(t, text).failures, []);
  t.like(parsePing(said), {
    state: 'unreadable',
    reason: 'no statistics: ping was killed, or the capture was cut off',
  });
});

test('-a rings at each reply', (t) => {
  const text = own.replace(/^(64 bytes.*)$/gm, '$1\x07').replace(/\n64/, '\n\x0764');
  t.deepEqual(parsePing(text), parsePing(own));
});

test('-D, -O and older words: icmp_req, and packets that no answer came for yet', (t) => {
  t.deepEqual(parsePing(own.replaceAll('icmp_seq', 'icmp_req')), parsePing(own));
  const text = own.replace(
    /^(64 bytes.*)$/gm,
    '[1700000000.123456] no answer yet for icmp_seq=1\n[1700000000.123456] $1',
  );
  t.like(read(t, text), { received: 3, failures: [], remarks: [] });
});

test('a redirect is advice: it is counted or not, and is no failure', (t) => {
  const text = own.replace(/(64 bytes.*seq=2)/, 'From 10.1.1.254: icmp_seq=2 Redirect Host(New nexthop: 10.1.1.1)\n$1');
  t.like(read(t, text), { received: 3, failures: [] });
  t.like(read(t, text.replace('3 received,', '3 received, +1 errors,')), { errors: 1, failures: [] });
});

test('where every reply was truncated there are no times', (t) => {
  const replies = [1, 2, 3].map((n) => `20 bytes from 10.1.1.1: icmp_seq=${n} ttl=64 (truncated)\n`).join('');
  const text = own
    .replace(/(?:64 bytes.*\n)+/, replies)
    .replace(/^rtt.*$/m, 'rtt min/avg/max/mdev = 9223372036854775.807/0.000/0.000/0.000 ms');
  t.like(read(t, text), { received: 3, rtt: null, remarks: ['truncated'] });
});

test('what stands below the statistics changes nothing', (t) => {
  t.deepEqual(parsePing(`${own}pipe 4\nlogout\n`), parsePing(own));
});

test('hostile lines of a megabyte take no time', (t) => {
  const many = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));
  const lines = [
    '\r',
    '64 bytes from ',
    '(',
    'x (',
    'From x ',
    '. ',
    '/ping',
    '1 ',
    '9',
    ' (DUP!)',
    'a: ',
    '[1.1] From ',
  ];
  for (const piece of lines) {
    for (const line of [many(piece), `64 bytes from ${many(piece)}`, `PING ${many(piece)}`, `From ${many(piece)}`]) {
      parsePing(own.replace('64 bytes', `${line}\n64 bytes`));
      parsePing(`${line}\n${own}`);
    }
  }
  t.pass();
});
