import type { Fields } from './parser.ts';

/** What tcpdump saw, in its order. */
export interface PacketsObservation {
  readonly kind: 'tcpdump';
  readonly packets: readonly Packet[];
}

export interface Packet {
  /** Of the capture; of a file of packets, which of them it is, from 1. */
  readonly line: number;
  /** s since the first of them; null where the output has no times, or such that may be since the first or since the last. */
  readonly time: number | null;
  /** Of the network layer, without the port; of a frame without one, the MAC address. null where it is not told. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** `ARP`, `ICMP`, `ICMP6`, `TCP`, `UDP`, or what else it is, as tcpdump calls it. */
  readonly protocol: string;
  /** What tcpdump prints of it behind the addresses, or the same in short. */
  readonly summary: string;
  /** Of the frame on the wire, in bytes; null where it is not told (`tcpdump` without `-e`). */
  readonly length: number | null;
  /** The outermost tag of 802.1Q or 802.1ad; null where there is none, or it is not told (`tcpdump` without `-e`). */
  readonly vlan: number | null;
}

export const packetFields: Fields<Packet> = {
  time: 'double',
  source: 'string',
  destination: 'string',
  sourcePort: 'int',
  destinationPort: 'int',
  protocol: 'string',
  summary: 'string',
  length: 'int',
  vlan: 'int',
};

export const packetsFields: Fields<PacketsObservation> = { packets: 'list<Packet>' };
