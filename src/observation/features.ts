import { ifKnown } from './not-observed.ts';
import type { Chain, PortVlan, Qdisc, TopologyDevice, TopologyNamespace, Tunnel, WireGuard } from './topology.ts';

/** What a network has beyond devices, addresses and routes. */
export type FeatureKind =
  /** Of a device: a bridge that keeps VLANs apart, the VLANs of a port, … */
  | 'filtering'
  | 'vlans'
  | 'tunnel'
  | 'qdiscs'
  | 'wireguard'
  /** Of a namespace. */
  | 'forwarding'
  | 'chains'
  | 'rules';

/**
 * The features of one kind, in the tools' own words, one a line: `10 pvid untagged`, `netem delay 10ms loss 1%`. What the
 * kernel gives to all by itself is no feature.
 */
export interface Features {
  readonly kind: FeatureKind;
  /** null: it is not known whether there are any. */
  readonly lines: readonly string[] | null;
}

export function deviceFeatures(device: TopologyDevice, { devices, qdiscs, wireguard }: TopologyNamespace): Features[] {
  const { kind, name, tunnel } = device;
  const vlans = ifKnown(device.vlans);
  const shaped = ifKnown(qdiscs);
  const keyed = ifKnown(wireguard);
  return [
    { kind: 'filtering', lines: device.vlanFiltering === true ? ['on'] : [] },
    { kind: 'vlans', lines: vlans === null ? null : vlanLines(vlans, isFiltered(device, devices)) },
    { kind: 'tunnel', lines: tunnel === null ? [] : [tunnelLine(tunnel)] },
    { kind: 'qdiscs', lines: shaped === null ? null : qdiscLines(shaped, name) },
    { kind: 'wireguard', lines: kind !== 'wireguard' ? [] : keyed === null ? null : peerLines(keyed, name) },
  ];
}

export function namespaceFeatures({ forwarding, forwarding6, chains }: TopologyNamespace): Features[] {
  const [ipv4, ipv6] = [ifKnown(forwarding), ifKnown(forwarding6)];
  const shown = ifKnown(chains)?.filter(isTelling);
  return [
    {
      kind: 'forwarding',
      lines: ipv4 === null && ipv6 === null ? null : [...(ipv4 ? ['IPv4'] : []), ...(ipv6 ? ['IPv6'] : [])],
    },
    { kind: 'chains', lines: shown?.map(chainLine) ?? null },
    { kind: 'rules', lines: shown?.flatMap(ruleLines) ?? null },
  ];
}

function isFiltered({ vlanFiltering, master }: TopologyDevice, devices: readonly TopologyDevice[]): boolean {
  return vlanFiltering === true || devices.some((device) => device.name === master && device.vlanFiltering === true);
}

/** A bridge gives VLAN 1 to every port, which means nothing until it filters. */
function vlanLines(vlans: readonly PortVlan[], isFiltered: boolean): string[] {
  const lines = vlanRanges(vlans);
  return !isFiltered && lines.length === 1 && lines[0] === '1 pvid untagged' ? [] : lines;
}

/** `10 pvid untagged`, `20-30`: ids that follow each other and are treated alike stand together. */
export function vlanRanges(vlans: readonly PortVlan[]): string[] {
  const ranges: { first: number; last: number; words: string }[] = [];
  for (const { id, pvid, untagged } of vlans) {
    const words = `${pvid ? ' pvid' : ''}${untagged ? ' untagged' : ''}`;
    const range = ranges.at(-1);
    if (range?.last === id - 1 && range.words === words) range.last = id;
    else ranges.push({ first: id, last: id, words });
  }
  return ranges.map(({ first, last, words }) => `${first}${first === last ? '' : `-${last}`}${words}`);
}

/** `10.0.0.1 → 10.0.0.2, id 42` */
function tunnelLine({ local, remote, id }: Tunnel): string {
  return `${local === null ? '' : `${local} `}→ ${remote ?? '*'}${id === null ? '' : `, id ${id}`}`;
}

/** Those that somebody set up. */
function qdiscLines(qdiscs: readonly Qdisc[], device: string): string[] {
  return qdiscs.filter((qdisc) => qdisc.device === device && !qdisc.isDefault).map(qdiscLine);
}

/** What counts (htb's packets), what is drawn by lot (netem's seed) and what is as always. */
const notSaid = /\b(?:direct_packets_stat \d+|seed \d+|direct_qlen 1000|r2q 10|limit 1000(?= |$))\s*/g;

function qdiscLine({ kind, parent, options }: Qdisc): string {
  const isPlain = parent === 'root' || parent.startsWith('ffff:');
  const words = [kind, options.replaceAll(notSaid, '').trim(), ...(isPlain ? [] : [`(${parent})`])];
  return words.filter((word) => word !== '').join(' ');
}

/** A key is another in every run. */
function peerLines(devices: readonly WireGuard[], name: string): string[] {
  const peers = devices.filter(({ device }) => device === name).flatMap((device) => device.peers);
  return peers.map(({ endpoint, allowedAddresses }) =>
    [`→ ${endpoint ?? '*'}`, ...(allowedAddresses.length === 0 ? [] : [`allowed ${allowedAddresses.join(' ')}`])].join(
      ', ',
    ),
  );
}

/** A chain that lets everything through, and has no rule, is as good as none. */
export function isTelling({ policy, rules }: Chain): boolean {
  return rules.length > 0 || policy === 'drop';
}

/** `inet filter forward, hook forward, policy drop` */
export function chainLine({ family, table, name, hook, policy }: Chain): string {
  return [
    `${family} ${table} ${name}`,
    ...(hook === null ? [] : [`hook ${hook}`]),
    ...(policy === null ? [] : [`policy ${policy}`]),
  ].join(', ');
}

function ruleLines({ family, table, name, rules }: Chain): string[] {
  return rules.map((rule) => `${family} ${table} ${name}: ${rule}`);
}
