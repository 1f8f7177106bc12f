import { linkTypes, readFrame } from './frame.ts';
import type { Packet, PacketsObservation } from './packets.ts';
import { rounded } from './tcpdump-times.ts';
import type { Reading, UnreadLine } from './types.ts';

/** How a file of packets begins (https://www.tcpdump.org/manpages/pcap-savefile.5.html), by its clock's parts of a second. */
const magics = new Map([
  [0xa1b2c3d4, 1e6],
  [0xa1b23c4d, 1e9],
]);
const newGeneration = 0x0a0d0d0a;

/** Whether these bytes are a file of packets, of a kind that is read here or of another one. */
export function isPacketFile(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  return bytes.readUInt32BE(0) === newGeneration || layoutOf(bytes) !== null;
}

interface Layout {
  readonly word: (at: number) => number;
  /** Of its clock, in a second. */
  readonly parts: number;
}

/** null: it is none. */
function layoutOf(bytes: Buffer): Layout | null {
  const orders = [(at: number) => bytes.readUInt32LE(at), (at: number) => bytes.readUInt32BE(at)];
  for (const word of orders) {
    const parts = magics.get(word(0));
    if (parts !== undefined) return { word, parts };
  }
  return null;
}

const headerBytes = 24;
const recordBytes = 16;

/**
 * Reads a file that `tcpdump -w` wrote, in either order of bytes, with times in µs or ns; of Ethernet, of `-i any` (cooked), or of
 * IP alone. A file that was cut off in the midst of a packet is read to there, and that packet is told.
 */
export function readPcap(bytes: Buffer): Reading<PacketsObservation> {
  const layout = layoutOf(bytes);
  if (layout === null) return unreadable('a pcapng file, and pcap is what is read: tcpdump -w writes it');
  if (bytes.length < headerBytes) return unreadable('cut off in the header of the file');
  const linkType = layout.word(20) & 0x0fffffff; // the bits above it are of the frame check sequence
  if (!(Object.values(linkTypes) as number[]).includes(linkType)) {
    return unreadable(`frames of link type ${linkType} are not read`);
  }
  const { packets, unread } = readRecords(bytes, layout, linkType);
  const observation = { kind: 'tcpdump' as const, packets };
  return unread === null ? { state: 'read', observation } : { state: 'partly', observation, unread: [unread] };
}

function readRecords(
  bytes: Buffer,
  { word, parts }: Layout,
  linkType: number,
): { readonly packets: Packet[]; readonly unread: UnreadLine | null } {
  const packets: Packet[] = [];
  let first: readonly [seconds: number, parts: number] | null = null;
  for (let at = headerBytes; at < bytes.length;) {
    const line = packets.length + 1;
    if (at + recordBytes > bytes.length) return { packets, unread: { line, reason: `packet ${line} is cut off` } };
    const [seconds, part, captured, length] = [word(at), word(at + 4), word(at + 8), word(at + 12)];
    const from = at + recordBytes;
    if (from + captured > bytes.length) return { packets, unread: { line, reason: `packet ${line} is cut off` } };
    const frame = readFrame(bytes.subarray(from, from + captured), linkType);
    if (frame === null) return { packets, unread: { line, reason: `packet ${line} has no whole header` } };
    first ??= [seconds, part];
    packets.push({ line, time: rounded(seconds - first[0] + (part - first[1]) / parts), ...frame, length });
    at = from + captured;
  }
  return { packets, unread: null };
}

function unreadable(reason: string): Reading<PacketsObservation> {
  return { state: 'unreadable', reason, line: null };
}
