import { refuseLine, wholeNumber, type Line } from './reading.ts';
import { readTunnel } from './tunnel.ts';
import type { LinkObservation } from './types.ts';

/** A device's `link/…` line and the lines below it, as `-d` prints them. */
export interface DetailedLayer {
  readonly line: Line;
  readonly type: string;
}

/** What -d tells beyond the link layer. */
export type LinkDetails = Pick<LinkObservation, 'deviceKind' | 'vlan' | 'vlanFiltering' | 'tunnel'>;

export const noDetails: LinkDetails = { deviceKind: null, vlan: null, vlanFiltering: null, tunnel: null };

/** The kind, a VLAN's tag, whether a bridge keeps VLANs apart, where a tunnel leads. */
export function readDetails(layer: DetailedLayer, details: readonly Line[]): LinkDetails {
  const deviceKind = readDeviceKind(layer, details);
  const words = lineBelow(layer, details)?.text ?? '';
  return {
    deviceKind,
    vlan: deviceKind === 'vlan' ? readVlan(layer, details) : null,
    vlanFiltering: deviceKind === 'bridge' ? readVlanFiltering(words) : null,
    tunnel: deviceKind === null ? null : readTunnel(deviceKind, words),
  };
}

/** iproute2 prints it since 4.6 (ip/iplink_bridge.c). */
function readVlanFiltering(words: string): boolean | null {
  const word = / vlan_filtering ([01])(?= |$)/.exec(words)?.[1];
  return word === undefined ? null : word === '1';
}

/**
 * With -d, the kind stands first in the line below the link-layer line. A device without a kind (a card, lo) has no
 * such line, and its details go on in the link-layer line; if it has a master, a line as `bridge_slave …` follows.
 */
function readDeviceKind(layer: DetailedLayer, details: readonly Line[]): string | null {
  if (!/ promiscuity \d/.test(layer.line.text)) return null;
  const [, kind, rest] = /^ {4}([a-z][a-z0-9_-]*) (.*)$/.exec(lineBelow(layer, details)?.text ?? '') ?? [];
  if (kind === undefined || kind.endsWith('_slave') || ['inet', 'inet6', 'alias', 'altname', 'vf'].includes(kind)) {
    return null;
  }
  return kind === 'tun' ? tunOrTap(rest ?? '', layer.type) : kind;
}

function lineBelow({ line }: DetailedLayer, details: readonly Line[]): Line | undefined {
  return details.find(({ number }) => number === line.number + 1);
}

/**
 * The kernel's name for both is tun. iproute2 4.17 and later print `tun type tap`; before, the link layer tells: a tap
 * carries Ethernet frames, a tun has none (tun_net_init in drivers/net/tun.c).
 */
function tunOrTap(rest: string, linkType: string): string {
  return /^type (tun|tap)\b/.exec(rest)?.[1] ?? (linkType === 'ether' ? 'tap' : 'tun');
}

/**
 * `    vlan protocol 802.1Q id 5 <REORDER_HDR>` (iproute2, ip/iplink_vlan.c, vlan_print_opt). A VLAN always has an id,
 * of 12 bits; without one the line was damaged.
 */
function readVlan(layer: DetailedLayer, details: readonly Line[]): NonNullable<LinkObservation['vlan']> {
  const line = lineBelow(layer, details) ?? layer.line;
  const [, protocol, digits] = /^ {4}vlan protocol (\S+) id (\d+)(?= |$)/.exec(line.text) ?? [];
  const id = wholeNumber(digits, line);
  if (protocol === undefined || id > 4095) return refuseLine(line, 'a VLAN with its id');
  return { line: line.number, protocol, id };
}
