import test from 'ava';
import { compareTexts } from '../../src/comparison/lines.ts';
import { maskLine } from '../../src/comparison/masks.ts';
import { textMaskNames } from '../../src/study/mask-names.ts';

const tap = (index: string, mac: string): string =>
  `${index}: tap0: <BROADCAST,UP> mtu 1500 qdisc pfifo_fast state DOWN\n    link/ether ${mac} brd ff:ff:ff:ff:ff:ff\n`;

test('texts that are alike to the byte are the same, whatever is masked', (t) => {
  const text = tap('3', '3e:f3:3d:91:9b:da');
  t.deepEqual(compareTexts(text, text, textMaskNames), { state: 'same', masks: [], differences: [] });
});

test('what a mask hides is counted where it differs, and nowhere else', (t) => {
  const compared = compareTexts(tap('3', '3e:f3:3d:91:9b:da'), tap('4', 'da:b8:98:43:f8:10'), [
    'mac-addresses',
    'interface-indexes',
    'kernel-wording',
  ]);
  t.is(compared.state, 'equivalent');
  t.deepEqual(compared.masks, [
    { mask: 'interface-indexes', count: 1 },
    { mask: 'mac-addresses', count: 1 },
  ]);
});

test('an expectation may be written with the placeholders', (t) => {
  const compared = compareTexts(tap('<index>', '<mac>'), tap('4', 'da:b8:98:43:f8:10'), [
    'mac-addresses',
    'interface-indexes',
  ]);
  t.is(compared.state, 'equivalent');
});

test('what is not masked makes the texts different, and is told with its context', (t) => {
  const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const compared = compareTexts(`${lines.join('\n')}\n`, `${lines.join('\n').replace('e', 'E')}\n`, []);
  t.is(compared.state, 'different');
  t.deepEqual(compared.differences, [
    { side: 'gap', text: '2' },
    { side: 'both', text: 'c' },
    { side: 'both', text: 'd' },
    { side: 'expected', text: 'e' },
    { side: 'observed', text: 'E' },
    { side: 'both', text: 'f' },
    { side: 'both', text: 'g' },
  ]);
});

test('a mask hides its own kind of difference and no other', (t) => {
  const ping = (rtt: string, ttl: string): string => `64 bytes from 10.1.1.1: icmp_seq=1 ttl=${ttl} time=${rtt} ms\n`;
  t.is(compareTexts(ping('0.5', '64'), ping('4.72', '64'), ['round-trip-times']).state, 'equivalent');
  t.is(compareTexts(ping('0.5', '64'), ping('4.72', '64'), ['durations']).state, 'different');
  t.is(compareTexts(ping('0.5', '64'), ping('0.5', '63'), textMaskNames).state, 'different');
});

test('a line of blanks, however long, is masked in a time that grows with it', (t) => {
  // A second search from each blank would make this 10^12 steps.
  const line = `${' '.repeat(1_000_000)}x`;
  t.is(maskLine(line, new Set(textMaskNames)).masked, line);
});

test('an address of IPv6 is no MAC address', (t) => {
  const address = (group: string): string => `    inet6 2001:db8:11:22:33:44:55:${group}/64 scope global\n`;
  t.is(compareTexts(address('66'), address('77'), textMaskNames).state, 'different');
});

test('of a difference, too, it is told what was masked in the lines that are alike', (t) => {
  const ping = (rtt: string, received: number): string =>
    `64 bytes from 10.1.1.1: icmp_seq=1 ttl=64 time=${rtt} ms\n4 packets transmitted, ${received} received\n`;
  const { state, masks } = compareTexts(ping('<rtt>', 4), ping('0.5', 3), ['round-trip-times']);
  t.is(state, 'different');
  t.deepEqual(masks, [{ mask: 'round-trip-times', count: 1 }]);
});

test('silence and unreachable are alike under their mask, an answer is not', (t) => {
  const statistics = (received: number, errors: string): string =>
    `\n--- 10.1.1.2 ping statistics ---\n4 packets transmitted, ${received} received, ${errors}100% packet loss, time 3000ms\n`;
  const silent = statistics(0, '');
  const told = `From 10.1.1.1 icmp_seq=1 Destination Host Unreachable\n${statistics(0, '+4 errors, ')}pipe 4\n`;
  t.deepEqual(compareTexts(silent, told, ['unreachable']), {
    state: 'equivalent',
    masks: [{ mask: 'unreachable', count: 3 }],
    differences: [],
  });
  t.is(compareTexts(silent, statistics(4, ''), ['unreachable']).state, 'different');
});

test('a missing carrier is alike before and after the kernel noted it; a device that is down, or has a carrier, is not', (t) => {
  const link = (flags: string, state: string): string =>
    `4: tap1: <${flags}> mtu 1500 qdisc pfifo_fast state ${state} qlen 1\n`;
  const settled = link('NO-CARRIER,BROADCAST,MULTICAST,UP', 'DOWN').replace('4:', '<index>:');
  const unsettled = link('BROADCAST,MULTICAST,UP', 'UNKNOWN');
  t.like(compareTexts(settled, unsettled, ['unsettled-carrier', 'interface-indexes']), {
    state: 'equivalent',
    differences: [],
  });
  t.like(compareTexts(settled, unsettled, ['kernel-wording']), { state: 'different' });
  for (const other of [
    link('BROADCAST,MULTICAST', 'DOWN'),
    link('BROADCAST,MULTICAST,UP,LOWER_UP', 'UP'),
    link('BROADCAST,MULTICAST,UP,LOWER_UP', 'UNKNOWN'),
    link('NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN', 'LOWERLAYERDOWN'),
  ]) {
    t.is(compareTexts(settled, other, ['unsettled-carrier', 'interface-indexes']).state, 'different', other);
    t.is(compareTexts(unsettled, other, ['unsettled-carrier']).state, 'different', other);
  }
});

test('a place that only one text has counts once, and not all that follow it', (t) => {
  const link = (queue: string): string => `4: veth0: mtu 1500${queue} state UP group default qlen 1000\n`;
  t.deepEqual(compareTexts(link(' qdisc noqueue'), link(''), ['kernel-wording']).masks, [
    { mask: 'kernel-wording', count: 1 },
  ]);
});

test('a line that is taken whole and stands elsewhere makes the texts equivalent, not the same', (t) => {
  const told = 'From 10.1.1.1 icmp_seq=1 Destination Host Unreachable\n';
  t.deepEqual(compareTexts(`a\n${told}`, `${told}a\n`, ['unreachable']), {
    state: 'equivalent',
    masks: [{ mask: 'unreachable', count: 2 }],
    differences: [],
  });
});

test('the order of lines is masked only where that is asked for', (t) => {
  t.is(compareTexts('a\nb\n', 'b\na\n', []).state, 'different');
  t.deepEqual(compareTexts('a\nb\n', 'b\na\n', ['line-order']).masks, [{ mask: 'line-order', count: 1 }]);
  t.deepEqual(compareTexts('a\nb\n', 'a\nb\n', ['line-order']).state, 'same');
});

test('texts that share nothing are told of in bounded time and room', (t) => {
  const many = (word: string): string => Array.from({ length: 60_000 }, (_, index) => `${word}${index}\n`).join('');
  const { state, differences } = compareTexts(many('a'), many('b'), textMaskNames);
  t.is(state, 'different');
  t.true(differences.length < 300);
  t.is(differences.at(-1)?.side, 'gap');
});

for (const [line, masked] of [
  [
    '10.1.1.0/24 dev tap0 proto kernel scope link src 10.1.1.1 linkdown ',
    '10.1.1.0/24 dev tap0 proto kernel scope link src 10.1.1.1',
  ],
  ['    inet6 ::1/128 scope host proto kernel_lo ', '    inet6 ::1/128 scope host'],
  ['    link/ether 2a:3b:4c:5d:6e:7f brd ff:ff:ff:ff:ff:ff link-netns ns1', '    link/ether <mac> brd <mac>'],
  [
    '5: veth0@if6: <UP> mtu 1500 qdisc noqueue state UP group default qlen 1000',
    '<index>: veth0@if<index>: <UP> mtu 1500 state UP',
  ],
  ['rtt min/avg/max/mdev = 0.488/1.866/4.719/1.724 ms', 'rtt min/avg/max/mdev = <rtt> ms'],
  ['round-trip min/avg/max = 0.488/1.866/4.719 ms', 'round-trip min/avg/max = <rtt> ms'],
  ['10.1.1.2 dev veth0 lladdr 9e:f5:52:9f:ae:3e REACHABLE ', '10.1.1.2 dev veth0 lladdr <mac> <reached>'],
] as const) {
  test(`all masks leave '${masked}'`, (t) => {
    t.is(maskLine(line, new Set(textMaskNames)).masked, masked);
  });
}
