import type { Packet } from './packets.ts';

/** What a frame says of itself; the file says when it came, and how long it was. */
export type Frame = Omit<Packet, 'line' | 'time' | 'length'>;

/** How a frame begins, as https://www.tcpdump.org/linktypes.html numbers it. */
export const linkTypes = { ethernet: 1, raw: 101, cooked: 113, cooked2: 276 } as const;

/** Types of the Ethernet (IEEE 802). */
const etherTypes = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
const vlanTypes = [0x8100, 0x88a8, 0x9100];

/** Numbers of protocols of IP (https://www.iana.org/assignments/protocol-numbers), by tcpdump's names. */
const protocols = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [4, 'IPIP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [51, 'AH'],
  [58, 'ICMP6'],
  [89, 'OSPF'],
  [103, 'PIM'],
  [112, 'VRRP'],
  [132, 'SCTP'],
]);

/** Extensions of IPv6 that stand before what it carries, each with its own length (RFC 8200, 4). */
const extensions = [0, 43, 60];

/** Thrown where a frame is shorter than what it says that it holds; caught by `readFrame`. */
class Cut extends Error {}

/**
 * Reads the beginning of a packet. What was not captured of it (`-s`) leaves it with what its beginning says; null where not even
 * that is there.
 */
export function readFrame(bytes: Buffer, linkType: number): Frame | null {
  try {
    return frameOf(bytes, linkType);
  } catch (error) {
    if (error instanceof Cut) return null;
    throw error;
  }
}

function frameOf(bytes: Buffer, linkType: number): Frame {
  switch (linkType) {
    case linkTypes.raw:
      return payload(byteAt(bytes, 0) >> 4 === 6 ? etherTypes.ipv6 : etherTypes.ipv4, bytes, nobody);
    case linkTypes.cooked: // LINKTYPE_LINUX_SLL: 16 bytes, the type last
      return tagged(wordAt(bytes, 14), bytes.subarray(16), { ...nobody, source: mac(bytes, 6) });
    case linkTypes.cooked2: // LINKTYPE_LINUX_SLL2: 20 bytes, the type first
      return tagged(wordAt(bytes, 0), bytes.subarray(20), { ...nobody, source: mac(bytes, 12) });
    default:
      return tagged(wordAt(bytes, 12), bytes.subarray(14), { source: mac(bytes, 6), destination: mac(bytes, 0) });
  }
}

interface Ends {
  readonly source: string | null;
  readonly destination: string | null;
}

const nobody: Ends = { source: null, destination: null };

/** Takes the tags off. */
function tagged(type: number, bytes: Buffer, ends: Ends): Frame {
  if (!vlanTypes.includes(type)) return payload(type, bytes, ends);
  const vlan = wordAt(bytes, 0) & 0x0fff;
  return { ...tagged(wordAt(bytes, 2), bytes.subarray(4), ends), vlan };
}

function payload(type: number, bytes: Buffer, ends: Ends): Frame {
  try {
    if (type === etherTypes.arp) return arp(bytes);
    if (type === etherTypes.ipv4) return ipv4(bytes);
    if (type === etherTypes.ipv6) return ipv6(bytes);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return { ...plain, ...ends, protocol: nameOfType(type), summary: `${nameOfType(type)}, cut off` };
  }
  return type < 0x0600
    ? { ...plain, ...ends, protocol: 'LLC', summary: `802.3, length ${type}` }
    : { ...plain, ...ends, protocol: nameOfType(type), summary: `ethertype ${nameOfType(type)}` };
}

const plain = { sourcePort: null, destinationPort: null, vlan: null };

function nameOfType(type: number): string {
  if (type === etherTypes.arp) return 'ARP';
  if (type === etherTypes.ipv4) return 'IP';
  return type === etherTypes.ipv6 ? 'IP6' : `0x${type.toString(16).padStart(4, '0')}`;
}

/** RFC 826, of IPv4 on Ethernet. */
function arp(bytes: Buffer): Frame {
  const [source, destination] = [ipv4Address(bytes, 14), ipv4Address(bytes, 24)];
  const operation = wordAt(bytes, 6);
  const said = { 1: `Request who-has ${destination} tell ${source}`, 2: `Reply ${source} is-at ${mac(bytes, 8)}` };
  const summary = operation === 1 || operation === 2 ? said[operation] : `operation ${operation}`;
  return { ...plain, source, destination, protocol: 'ARP', summary: `${summary}, length ${bytes.length}` };
}

/** RFC 791. */
function ipv4(bytes: Buffer): Frame {
  const header = (byteAt(bytes, 0) & 0x0f) * 4;
  const whole = wordAt(bytes, 2);
  const offset = (wordAt(bytes, 6) & 0x1fff) * 8;
  const ends = { source: ipv4Address(bytes, 12), destination: ipv4Address(bytes, 16) };
  return carried(byteAt(bytes, 9), bytes.subarray(header), { ...ends, length: Math.max(0, whole - header), offset });
}

/** RFC 8200. */
function ipv6(bytes: Buffer): Frame {
  const ends = { source: ipv6Address(bytes, 8), destination: ipv6Address(bytes, 24) };
  let [next, rest, length, offset] = [byteAt(bytes, 6), bytes.subarray(40), wordAt(bytes, 4), 0];
  while (extensions.includes(next) || next === 44) {
    if (next === 44) offset = wordAt(rest, 2) & 0xfff8;
    const size = next === 44 ? 8 : 8 * (byteAt(rest, 1) + 1);
    [next, rest, length] = [byteAt(rest, 0), rest.subarray(size), length - size];
    if (offset > 0) break;
  }
  return carried(next, rest, { ...ends, length: Math.max(0, length), offset });
}

interface Carrier extends Ends {
  /** What it carries has, in bytes, however much of it was captured. */
  readonly length: number;
  /** Of a fragment in what was sent, in bytes. */
  readonly offset: number;
}

function carried(number: number, bytes: Buffer, { source, destination, length, offset }: Carrier): Frame {
  const protocol = protocols.get(number) ?? `ip-proto-${number}`;
  const frame = { ...plain, source, destination, protocol };
  if (offset > 0) return { ...frame, summary: `${protocol}, a fragment at ${offset}, length ${length}` };
  try {
    if (protocol === 'TCP') return { ...frame, ...tcp(bytes, length) };
    if (protocol === 'UDP') return { ...frame, ...udp(bytes) };
    if (protocol === 'ICMP') return { ...frame, summary: icmp(bytes, length, icmpTypes) };
    if (protocol === 'ICMP6') return { ...frame, summary: icmp(bytes, length, icmp6Types) };
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return { ...frame, summary: `${protocol}, cut off` };
  }
  return { ...frame, summary: `${protocol}, length ${length}` };
}

type Ported = Pick<Frame, 'sourcePort' | 'destinationPort' | 'summary'>;

/** Each flag with its bit, in the order in which tcpdump prints them. */
const tcpFlags = [
  ['F', 1],
  ['S', 2],
  ['R', 4],
  ['P', 8],
  ['.', 16],
  ['U', 32],
  ['E', 64],
  ['W', 128],
] as const;

/** RFC 9293. */
function tcp(bytes: Buffer, length: number): Ported {
  const header = (byteAt(bytes, 12) >> 4) * 4;
  const flags = tcpFlags.flatMap(([name, bit]) => ((byteAt(bytes, 13) & bit) === 0 ? [] : [name])).join('');
  const numbers = `seq ${longAt(bytes, 4)}${flags.includes('.') ? `, ack ${longAt(bytes, 8)}` : ''}`;
  const summary = `Flags [${flags === '' ? 'none' : flags}], ${numbers}, win ${wordAt(bytes, 14)}, length ${Math.max(0, length - header)}`;
  return { sourcePort: wordAt(bytes, 0), destinationPort: wordAt(bytes, 2), summary };
}

/** RFC 768. */
function udp(bytes: Buffer): Ported {
  const summary = `UDP, length ${Math.max(0, wordAt(bytes, 4) - 8)}`;
  return { sourcePort: wordAt(bytes, 0), destinationPort: wordAt(bytes, 2), summary };
}

/** By tcpdump's names; those of which it tells what they are an answer to have an id and a number. */
const icmpTypes = new Map([
  [0, 'ICMP echo reply'],
  [3, 'ICMP unreachable'],
  [5, 'ICMP redirect'],
  [8, 'ICMP echo request'],
  [11, 'ICMP time exceeded'],
]);
const icmp6Types = new Map([
  [1, 'ICMP6, destination unreachable'],
  [2, 'ICMP6, packet too big'],
  [3, 'ICMP6, time exceeded'],
  [128, 'ICMP6, echo request'],
  [129, 'ICMP6, echo reply'],
  [133, 'ICMP6, router solicitation'],
  [134, 'ICMP6, router advertisement'],
  [135, 'ICMP6, neighbor solicitation'],
  [136, 'ICMP6, neighbor advertisement'],
  [143, 'ICMP6, multicast listener report v2'],
]);

function icmp(bytes: Buffer, length: number, types: ReadonlyMap<number, string>): string {
  const type = byteAt(bytes, 0);
  const name = types.get(type) ?? `ICMP${types === icmp6Types ? '6' : ''} type ${type}`;
  const numbers = name.includes('echo') ? `, id ${wordAt(bytes, 4)}, seq ${wordAt(bytes, 6)}` : '';
  return `${name}${numbers}, length ${length}`;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Cut();
  return byte;
}

function wordAt(bytes: Buffer, at: number): number {
  return byteAt(bytes, at) * 256 + byteAt(bytes, at + 1);
}

function longAt(bytes: Buffer, at: number): number {
  return wordAt(bytes, at) * 65536 + wordAt(bytes, at + 2);
}

function mac(bytes: Buffer, at: number): string {
  return Array.from({ length: 6 }, (_, index) =>
    byteAt(bytes, at + index)
      .toString(16)
      .padStart(2, '0'),
  ).join(':');
}

function ipv4Address(bytes: Buffer, at: number): string {
  return Array.from({ length: 4 }, (_, index) => byteAt(bytes, at + index)).join('.');
}

/** The longest run of zeros is `::`, the first of two that are as long (RFC 5952). */
function ipv6Address(bytes: Buffer, at: number): string {
  const words = Array.from({ length: 8 }, (_, index) => wordAt(bytes, at + 2 * index).toString(16));
  let best = { start: 0, length: 1 };
  for (let start = 0; start < words.length; start += 1) {
    const end = words.findIndex((word, index) => index >= start && word !== '0');
    const length = (end < 0 ? words.length : end) - start;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return words.join(':');
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`;
}
