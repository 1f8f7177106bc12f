import { readFileSync } from 'node:fs';
import test from 'ava';
import { observeBytes } from '../../src/observation/observe.ts';
import type { Packet } from '../../src/observation/packets.ts';

const folder = new URL('../fixtures/observation/tcpdump-4.99.3/', import.meta.url);

function contentOf(name: string): Buffer {
  return readFileSync(new URL(name, folder));
}

function packetsOf(bytes: Buffer): readonly Packet[] {
  const reading = observeBytes('tcpdump', bytes);
  if (reading.state === 'unreadable') throw new Error(reading.reason);
  return reading.observation.kind === 'tcpdump' ? reading.observation.packets : [];
}

/** What a file of packets and what tcpdump prints of it have in common. */
function inShort(packets: readonly Packet[], keys: readonly (keyof Packet)[]): Readonly<Record<string, unknown>>[] {
  const isReply = ({ protocol, summary }: Packet): boolean => protocol === 'ARP' && summary.startsWith('Reply');
  return packets.map((packet) => {
    const entries = keys.map((key) => [key, packet[key]] as const);
    // For whom a reply of ARP is stands in the frame, and is not printed.
    const told = isReply(packet) ? entries.filter(([key]) => key !== 'destination') : entries;
    return Object.fromEntries<unknown>(told);
  });
}

const network = ['source', 'destination', 'sourcePort', 'destinationPort', 'protocol'] as const;

const printed: readonly (readonly [file: string, of: string, keys: readonly (keyof Packet)[]])[] = [
  ['plain.txt', 'wire.pcap', ['time', ...network]],
  ['e.txt', 'wire.pcap', ['time', ...network, 'length', 'vlan']],
  ['tt.txt', 'wire.pcap', ['time', ...network]],
  ['ttt.txt', 'wire.pcap', ['time', ...network]],
  ['tttt.txt', 'wire.pcap', ['time', ...network]],
  ['ttttt.txt', 'wire.pcap', network],
  ['t.txt', 'wire.pcap', network],
  ['v.txt', 'wire.pcap', ['time', ...network]],
  ['vvex.txt', 'wire.pcap', ['time', ...network, 'length', 'vlan']],
  ['nano.txt', 'nano.pcap', ['time', ...network, 'length', 'vlan']],
  ['live.txt', 'wire.pcap', [...network, 'length', 'vlan']],
  ['names.txt', 'wire.pcap', ['time', 'protocol']],
  ['any.txt', 'any.pcap', ['time', ...network]],
  ['anye.txt', 'any.pcap', ['time', ...network, 'length']],
  ['slle.txt', 'sll.pcap', ['time', ...network, 'length', 'vlan']],
];

for (const [file, of, keys] of printed) {
  test(`tcpdump's ${file} says of the packets what its file ${of} holds`, (t) => {
    const [found, expected] = [packetsOf(contentOf(file)), packetsOf(contentOf(of))];
    t.true(found.length >= 32);
    t.deepEqual(inShort(found, keys), inShort(expected, keys));
  });
}

test('times that may be since the first packet or since the last are told of none but the first', (t) => {
  const times = packetsOf(contentOf('ttttt.txt')).map(({ time }) => time);
  t.deepEqual([...new Set(times)], [0, null]);
});

test('a tag, an echo, a fragment of a port and a reset are read from the frames', (t) => {
  const packets = packetsOf(contentOf('wire.pcap'));
  t.deepEqual(
    packets.filter(({ vlan }) => vlan === 10).map(({ protocol }) => protocol),
    ['ICMP6', 'ARP', 'ARP', 'ICMP', 'ICMP', 'ICMP6'],
  );
  t.like(packets[2], {
    line: 3,
    source: '10.0.0.1',
    destination: '10.0.0.2',
    protocol: 'ICMP',
    summary: 'ICMP echo request, id 151, seq 1, length 64',
    length: 98,
    vlan: null,
  });
  t.like(packets.at(-2), {
    sourcePort: 5202,
    protocol: 'TCP',
    summary: 'Flags [R.], seq 0, ack 3266799794, win 0, length 0',
  });
});

test('a file in the other order of bytes holds the same', (t) => {
  const bytes = contentOf('wire.pcap');
  const swapped = Buffer.from(bytes);
  const swap = (at: number, length: number): void => {
    swapped.subarray(at, at + length).reverse();
  };
  for (const [at, length] of [
    [0, 4],
    [4, 2],
    [6, 2],
    [8, 4],
    [12, 4],
    [16, 4],
    [20, 4],
  ] as const)
    swap(at, length);
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
    for (const field of [0, 4, 8, 12]) swap(at + field, 4);
  }
  t.deepEqual(packetsOf(swapped), packetsOf(bytes));
});

test('a file that was cut off is read to the last whole packet, and that is told', (t) => {
  const bytes = contentOf('wire.pcap');
  const all = packetsOf(bytes);
  for (const missing of [1, 60, 75, 76]) {
    const reading = observeBytes('tcpdump', bytes.subarray(0, bytes.length - missing));
    t.is(reading.state, 'partly');
    if (reading.state !== 'partly' || reading.observation.kind !== 'tcpdump') return;
    t.deepEqual(reading.observation.packets, all.slice(0, -1));
    t.deepEqual(reading.unread, [{ line: all.length, reason: `packet ${all.length} is cut off` }]);
  }
});

test('what is no packet is refused by its line, and so is an error of tcpdump’s own', (t) => {
  const text = contentOf('e.txt').toString();
  const broken = observeBytes('tcpdump', Buffer.from(`${text}what is this\n`));
  t.like(broken, { state: 'partly', unread: [{ line: 34 }] });
  const error = 'tcpdump: v9: No such device exists\n(No such device exists)\n';
  t.like(observeBytes('tcpdump', Buffer.from(error)), { state: 'unreadable', line: 1 });
  t.like(observeBytes('tcpdump', Buffer.from('0a0d0d0a1c000000', 'hex')), { state: 'unreadable', line: null });
  t.like(observeBytes('tcpdump', Buffer.from('listening on v1\n0 packets captured\n')), { state: 'read' });
});

test('frames of any bytes and any length are read or told, and never throw', (t) => {
  const bytes = contentOf('wire.pcap');
  for (let at = 24; at < bytes.length; at += 1) {
    for (const value of [0, 0x45, 0x60, 0xff]) {
      const changed = Buffer.from(bytes);
      changed[at] = value;
      t.notThrows(() => observeBytes('tcpdump', changed));
    }
  }
});
