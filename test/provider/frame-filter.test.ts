import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { classifyFrame, guestNetwork, type FrameClass } from '../../src/provider/embedded/frame-filter.ts';
import { holds } from '../support/property.ts';

const guestMac = [0x00, 0x22, 0x15, 0x01, 0x02, 0x03];
const clientMac = [0x52, 0x54, 0x00, 0x01, 0x02, 0x03];
const everyone = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const guest = [192, 168, 86, 100];
const client = [192, 168, 86, 1];

/** Ethernet II (RFC 894): destination, source, type. */
function ethernet(type: number, payload: readonly number[], destination: readonly number[] = clientMac): number[] {
  return [...destination, ...guestMac, type >> 8, type & 0xff, ...payload];
}

/** RFC 826: Ethernet and IPv4; operation 1 asks, 2 replies. */
function arp({ operation = 1, sender = guest, target = client } = {}): number[] {
  const header = [0, 1, 0x08, 0x00, 6, 4, 0, operation];
  return ethernet(0x0806, [...header, ...guestMac, ...sender, 0, 0, 0, 0, 0, 0, ...target], everyone);
}

interface Ipv4 {
  readonly protocol?: number;
  readonly source?: readonly number[];
  readonly destination?: readonly number[];
  /** Flags and fragment offset; 0x4000: don't fragment, 0x2000: more fragments follow. */
  readonly fragment?: number;
  readonly version?: number;
  /** Bytes of options, a multiple of four. */
  readonly options?: readonly number[];
  /** In 32-bit words, and in bytes, where they are to lie. */
  readonly headerWords?: number;
  readonly totalBytes?: number;
}

/** RFC 791. The checksum is left 0: the filter trusts the kernel with it. */
function ipv4(payload: readonly number[], fields: Ipv4 = {}): number[] {
  const { protocol = 6, source = guest, destination = client, fragment = 0x4000, version = 4, options = [] } = fields;
  const { headerWords = 5 + options.length / 4, totalBytes = 20 + options.length + payload.length } = fields;
  const first = [(version << 4) | headerWords, 0, totalBytes >> 8, totalBytes & 0xff];
  const second = [0x12, 0x34, fragment >> 8, fragment & 0xff, 64, protocol, 0, 0];
  return ethernet(0x0800, [...first, ...second, ...source, ...destination, ...options, ...payload]);
}

const flag = { fin: 0x01, syn: 0x02, rst: 0x04, push: 0x08, ack: 0x10 };

/** RFC 9293; to a port of the client that it picked. */
function tcp({ from = 22, to = 49200, flags = flag.ack, data = [] as number[] } = {}): number[] {
  const ports = [from >> 8, from & 0xff, to >> 8, to & 0xff];
  return [...ports, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0, ...data];
}

function udp(from: number, to: number): number[] {
  return [from >> 8, from & 0xff, to >> 8, to & 0xff, 0, 12, 0, 0, 1, 2, 3, 4];
}

function classify(bytes: readonly number[]): FrameClass {
  return classifyFrame(Uint8Array.from(bytes));
}

const passing: Record<string, { readonly frame: readonly number[]; readonly as: 'arp' | 'ssh' }> = {
  "an ARP request for the client's address": { frame: arp(), as: 'arp' },
  'such a request padded to the least length of a frame': {
    frame: [...arp(), ...Array<number>(18).fill(0)],
    as: 'arp',
  },
  'a SYN/ACK of the SSH server': { frame: ipv4(tcp({ flags: flag.syn | flag.ack })), as: 'ssh' },
  'an acknowledgement': { frame: ipv4(tcp()), as: 'ssh' },
  'data of the SSH server': { frame: ipv4(tcp({ flags: flag.push | flag.ack, data: [1, 2, 3] })), as: 'ssh' },
  'the end of a connection': { frame: ipv4(tcp({ flags: flag.fin | flag.ack })), as: 'ssh' },
  'a refusal': { frame: ipv4(tcp({ flags: flag.rst | flag.ack })), as: 'ssh' },
  'a segment behind IP options': { frame: ipv4(tcp(), { options: [1, 1, 1, 0] }), as: 'ssh' },
  'a segment padded to the least length of a frame': { frame: [...ipv4(tcp()), 0, 0, 0, 0, 0, 0], as: 'ssh' },
};

const dropped: Record<string, readonly number[]> = {
  'an ARP request for another address': arp({ target: [192, 168, 86, 2] }),
  'an ARP request from another address': arp({ sender: [10, 1, 1, 1] }),
  "an ARP probe for the guest's own address": arp({ sender: [0, 0, 0, 0], target: guest }),
  'an ARP reply': arp({ operation: 2 }),
  'a SYN that would open a connection, even from port 22': ipv4(tcp({ flags: flag.syn, to: 80 })),
  'a SYN/ACK from another port': ipv4(tcp({ from: 80, flags: flag.syn | flag.ack })),
  'data from another port': ipv4(tcp({ from: 40000, to: 22 })),
  'a segment to another address': ipv4(tcp(), { destination: [192, 168, 86, 2] }),
  'a segment to an address outside': ipv4(tcp(), { destination: [8, 8, 8, 8] }),
  'a segment from another address': ipv4(tcp(), { source: [10, 1, 1, 1] }),
  'a first fragment': ipv4(tcp(), { fragment: 0x2000 }),
  'a later fragment': ipv4(tcp(), { fragment: 0x0003 }),
  'an echo request to the client': ipv4([8, 0, 0, 0, 0, 1, 0, 1, ...Array<number>(56).fill(0x61)], { protocol: 1 }),
  'an echo request to an address outside': ipv4([8, 0, 0, 0, 0, 1, 0, 1], { protocol: 1, destination: [8, 8, 8, 8] }),
  'a DNS query to the client': ipv4(udp(40000, 53), { protocol: 17 }),
  'UDP from port 22': ipv4(udp(22, 40000), { protocol: 17 }),
  'an NTP request': ipv4(udp(40000, 123), { protocol: 17 }),
  'a DHCP request': ipv4(udp(68, 67), { protocol: 17, source: [0, 0, 0, 0], destination: [255, 255, 255, 255] }),
  'SCTP from port 22': ipv4(tcp(), { protocol: 132 }),
  'a segment whose version is not 4': ipv4(tcp(), { version: 6 }),
  'a segment whose header claims to end within itself': ipv4(tcp(), { headerWords: 4 }),
  'a segment whose header claims no length, its first bytes a port 22': ipv4(tcp(), { version: 0, headerWords: 0 }),
  'a packet that claims to end before its TCP header does': ipv4(tcp(), { totalBytes: 39 }),
  'a packet that claims to be longer than its frame': ipv4(tcp(), { totalBytes: 41 }),
  IPv6: ethernet(0x86dd, [0x60, 0, 0, 0, 0, 20, 6, 64, ...Array<number>(32).fill(1), ...tcp()]),
  'a VLAN tag before the right segment': ethernet(0x8100, [0, 1, 0x08, 0x00, ...ipv4(tcp()).slice(14)]),
  'two VLAN tags': ethernet(0x88a8, [0, 1, 0x81, 0x00, 0, 2, 0x08, 0x00, ...ipv4(tcp()).slice(14)]),
  'IEEE 802.3 with a length for a type': ethernet(60, ipv4(tcp()).slice(14)),
};

for (const [name, { frame, as }] of Object.entries(passing)) {
  test(`passes as ${as}: ${name}`, (t) => {
    t.is(classify(frame), as);
  });
}

for (const [name, frame] of Object.entries(dropped)) {
  test(`dropped: ${name}`, (t) => {
    t.is(classify(frame), 'dropped');
  });
}

test('a frame that was cut off anywhere is dropped', (t) => {
  for (const frame of [arp(), ipv4(tcp()), ipv4(tcp(), { options: Array<number>(40).fill(1) })]) {
    for (let length = 0; length < frame.length; length += 1) {
      t.is(classify(frame.slice(0, length)), 'dropped', `${length} bytes`);
    }
    t.not(classify(frame), 'dropped');
  }
});

test("a frame is judged within its own bytes, not by what else is in the card's buffer", (t) => {
  const frame = Uint8Array.from(ipv4(tcp()));
  const buffer = Uint8Array.from([...Array<number>(7).fill(0xff), ...frame, ...frame]);
  t.is(classifyFrame(buffer.subarray(7, 7 + frame.length)), 'ssh');
  t.is(classifyFrame(buffer.subarray(7, 7 + frame.length - 1)), 'dropped');
});

test('no damage to a right frame makes the filter throw, or lets through what is not from port 22 to the client', async (t) => {
  const whole = ipv4(tcp({ flags: flag.syn | flag.ack }), { options: [1, 1, 1, 0] });
  const place = fc.nat(whole.length - 1);
  const hits = fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 4 });
  const anyDamage = fc.property(fc.nat(whole.length), hits, (length, list) => {
    const frame = whole.map((byte, at) => list.find(([hit]) => hit === at)?.[1] ?? byte).slice(0, length);
    const verdict = classify(frame);
    if (verdict !== 'dropped') isAnswerToClient(verdict, frame);
  });
  await holds(t, anyDamage, 20_000);
});

/** What v86 will make of it, by its own reading (parse_ipv4 and parse_tcp of src/browser/fake_network.js). */
function isAnswerToClient(verdict: FrameClass, frame: readonly number[]): void {
  assert.equal(verdict, 'ssh');
  const tcpOffset = 14 + ((frame[14] ?? 0) & 0x0f) * 4;
  const end = 14 + (((frame[16] ?? 0) << 8) | (frame[17] ?? 0));
  assert.ok(Math.min(end, frame.length) - tcpOffset >= 20);
  assert.deepEqual(frame.slice(26, 34), [...guest, ...client]);
  assert.deepEqual(frame.slice(tcpOffset, tcpOffset + 2), [0, 22]);
  assert.notEqual((frame[tcpOffset + 13] ?? 0) & (flag.syn | flag.ack), flag.syn);
}

test('the addresses are those of the boot contract', (t) => {
  t.deepEqual(guestNetwork, { guestAddress: guest.join('.'), clientAddress: client.join('.') });
});
