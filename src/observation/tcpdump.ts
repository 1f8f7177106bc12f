import { packetFields, packetsFields, type Packet, type PacketsObservation } from './packets.ts';
import type { Parser } from './parser.ts';
import { isPacketFile, readPcap } from './pcap.ts';
import { isDamaged, reading, refuse, refuseDamaged, refuseLine, type Line } from './reading.ts';
import { stampsOf, withoutStamp, type Stamp } from './tcpdump-times.ts';
import type { Reading } from './types.ts';

/** What tcpdump says beside the packets, on standard error. */
const remarks =
  /^(?:Warning: interface names|tcpdump: (?:listening on|verbose output|data link type|WARNING|dropped privs)|listening on |reading from file |dropped privs|use -v|\d+ packets? (?:captured|received by filter|dropped by (?:kernel|interface)))/;

/** A packet that is printed in several lines: those of `-v` and `-x` are indented, and what a tunnel carries begins anew. */
const continuation = /^(?:\s+\S|(?:IP6? |ARP, ))/;
const hexDump = /^\s+0x[0-9a-f]{4}:/;

/**
 * Reads what `tcpdump` prints of packets, best with `-nn`: with any of its times, with or without `-e`, `-v` and `-i any`. Its own
 * remarks are passed over.
 */
export function parseTcpdump(text: string): Reading<PacketsObservation> {
  return reading(text, (lines, unread) => {
    const packets: Omit<Packet, 'time'>[] = [];
    const stamps: (Stamp | null)[] = [];
    for (const { first, rest } of printedPackets(lines)) {
      const stamp = withoutStamp(first.text);
      const packet = unread.attempt(first, () => readPacket(first, [stamp.text, ...rest].join(' ')));
      if (packet === null) continue;
      packets.push(packet);
      stamps.push(stamp.stamp);
    }
    const [first] = unread.inOrder();
    if (packets.length === 0 && first !== undefined) refuse(first.reason, { number: first.line, text: '' });
    const times = stampsOf(stamps);
    return { kind: 'tcpdump', packets: packets.map((packet, at) => ({ ...packet, time: times[at] ?? null })) };
  });
}

interface PrintedPacket {
  readonly first: Line;
  /** The other lines, without what they are indented by. */
  readonly rest: string[];
}

function printedPackets(lines: readonly Line[]): PrintedPacket[] {
  const printed: PrintedPacket[] = [];
  for (const line of lines) {
    const last = printed.at(-1);
    if (line.text.trim() === '' || (remarks.test(line.text) && !isDamaged(line))) continue;
    if (last === undefined || !isContinued(last, line)) printed.push({ first: line, rest: [] });
    else if (!hexDump.test(line.text)) last.rest.push(line.text.trim());
  }
  return printed;
}

/** Without times (`-t`) a line that begins like a packet is one. */
function isContinued({ first }: PrintedPacket, { text }: Line): boolean {
  if (!continuation.test(text) || withoutStamp(text).stamp !== null) return false;
  return /^\s/.test(text) || withoutStamp(first.text).stamp !== null;
}

/** `-i any`: the device, where the file says it, and the direction. */
const anyDevice = /^ *(?:\S+ +)?(?:In|Out|B|M|P) +/;
/** `-e` on Ethernet, and on `-i any`. */
const linkHeader =
  /^(?:([0-9a-f:]{17}) > (Broadcast|[0-9a-f:]{17}), |(?:ifindex \d+ )?(?:([0-9a-f:]{17}) )?(?=ethertype ))?(?:\(oui [^)]*\), )?(?:ethertype (\S+) ?(?:\([^)]*\))?|(802\.3)), length (\d+): /;
const tag = /^(?:vlan (\d+), p \d+(?:, DEI)?, )(?:ethertype ([\w.-]+)(?: \([^)]*\))?[,:] )?/;

function readPacket(line: Line, whole: string): Omit<Packet, 'time'> {
  refuseDamaged(line);
  const text = whole.replace(anyDevice, '');
  const link = linkHeader.exec(text);
  let body = text.slice(link?.[0].length ?? 0);
  let type = link?.[4]?.replace(/,$/, '') ?? link?.[5] ?? null;
  let vlan: number | null = null;
  for (let found = tag.exec(body); found !== null; found = tag.exec(body)) {
    vlan ??= Number(found[1]);
    type = found[2] ?? type;
    body = body.slice(found[0].length);
  }
  const ends = { source: link?.[1] ?? link?.[3] ?? null, destination: macOf(link?.[2]) };
  const length = link?.[6] === undefined ? null : Number(link[6]);
  return { line: line.number, ...readBody(line, body, type, ends), length, vlan };
}

function macOf(printed: string | undefined): string | null {
  return printed === 'Broadcast' ? 'ff:ff:ff:ff:ff:ff' : (printed ?? null);
}

type Ends = Pick<Packet, 'source' | 'destination'>;
type Body = Omit<Packet, 'line' | 'time' | 'length' | 'vlan'>;

function readBody(line: Line, body: string, type: string | null, ends: Ends): Body {
  const plain = { ...ends, sourcePort: null, destinationPort: null };
  const arp =
    /^(?:ARP, )?(?:Ethernet \([^)]*\), IPv4 \([^)]*\), )?((?:Request|Reply|Gratuitous|Probe|Announcement)\b.*)$/.exec(
      body,
    );
  if (arp !== null && (type === null || type === 'ARP'))
    return { ...plain, ...arpEnds(arp[1] ?? ''), protocol: 'ARP', summary: arp[1] ?? '' };
  const ip = /^(?:IP6? )?(?:\([^>]*\) )?(\S+) > (\S+): (.*)$/.exec(body);
  if (ip !== null && isNetworkLayer(body, type)) {
    const [, from = '', to = '', summary = ''] = ip;
    const [source, destination] = [endOf(from), endOf(to)];
    return {
      source: source.address,
      destination: destination.address,
      sourcePort: source.port,
      destinationPort: destination.port,
      protocol: protocolOf(summary, source.port !== null || destination.port !== null),
      summary,
    };
  }
  const protocol = type ?? /^([A-Za-z][\w.-]*)\b/.exec(body)?.[1] ?? null;
  if (protocol === null || (type === null && !/^(?:STP|LLDP|LACP|CDP|MPLS|PPPoE|EAPOL|IPX|RARP|Loopback)/.test(body))) {
    refuseLine(line, 'a packet as tcpdump prints it');
  }
  return { ...plain, protocol: /\bSTP 802/.test(body) ? 'STP' : protocol, summary: body };
}

function isNetworkLayer(body: string, type: string | null): boolean {
  return /^IP6? /.test(body) || type === 'IPv4' || type === 'IPv6' || type === '802.1Q' || type === '802.1Q-QinQ';
}

/** Of a reply it is not said for whom it is. */
function arpEnds(summary: string): Ends {
  const [, target = null, , sender = null] = /who-has (\S+)( \([^)]*\))? tell ([^,\s]+)/.exec(summary) ?? [];
  if (sender !== null) return { source: sender, destination: target };
  return { source: /(?:Reply|Announcement|Probe) (\S+)/.exec(summary)?.[1] ?? null, destination: null };
}

/** A port stands behind the last dot; of a name it can't be told whether that is one. */
function endOf(printed: string): { readonly address: string; readonly port: number | null } {
  const [, address = printed, port] =
    /^(\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.%\w]*?)(?:\.(\d+|[a-z][\w-]*))?$/.exec(printed) ?? [];
  return { address, port: port === undefined || !/^\d+$/.test(port) ? null : Number(port) };
}

/** How what is carried is printed; with ports and none of these it is one of those that UDP carries. */
const openings: readonly (readonly [RegExp, string])[] = [
  [/^Flags \[/, 'TCP'],
  [/^(?:HBH )?(?:\[[^\]]*\] )?ICMP6, /, 'ICMP6'],
  [/^ICMP /, 'ICMP'],
  [/^UDP, /, 'UDP'],
  [/^(?:igmp )/, 'IGMP'],
  [/^GREv/, 'GRE'],
  [/^ESP\(/, 'ESP'],
  [/^AH\(/, 'AH'],
  [/^sctp /, 'SCTP'],
  [/^OSPFv/, 'OSPF'],
  [/^VRRPv/, 'VRRP'],
  [/^PIMv/, 'PIM'],
  [/^IP6? /, 'IPIP'],
];

function protocolOf(summary: string, hasPort: boolean): string {
  const known = openings.find(([pattern]) => pattern.test(summary))?.[1];
  const number = /^(ip-proto-\d+)/.exec(summary)?.[1];
  return known ?? number ?? (hasPort ? 'UDP' : 'IP');
}

export const tcpdumpParser = {
  name: 'tcpdump',
  read: parseTcpdump,
  readBytes: (bytes: Buffer) => (isPacketFile(bytes) ? readPcap(bytes) : null),
  type: 'Packets',
  types: { Packet: packetFields, Packets: packetsFields },
} as const satisfies Parser<'tcpdump', PacketsObservation>;
