import { isIP } from 'node:net';

import type { Fields, Parser } from './parser.ts';
import { noDetails, readDetails } from './device-kind.ts';
import { hostPrefixLength, splitPrefix } from './ip-address.ts';
import { refuseLinkOptions } from './ip-options.ts';
import { reading, refuse, refuseDamaged, refuseLine, wholeNumber, type Line, type Unread } from './reading.ts';
import { tunnelFields } from './tunnel.ts';
import type { AddressObservation, LinkObservation, LinksObservation, NamespaceReference, Reading } from './types.ts';

/**
 * `6: veth0@if5: <BROADCAST,UP> mtu 1500 qdisc noqueue master br0 state UP …`. A flag that the program does not know
 * comes as a hexadecimal number; busybox glues it to the flag before, and then LOWER_UP cannot be told: refused.
 */
const header =
  /^(?<index>[1-9]\d*): (?<name>[^\s:]+?)(?:@(?<peer>[^\s:@]+))?: <(?<flags>(?:[A-Z_-]+|[0-9a-f]+)(?:,(?:[A-Z_-]+|[0-9a-f]+))*)?> (?<attributes>mtu .*)$/;

/**
 * Reads `ip address` and `ip link`, with and without `-d` and `-s`. The text is not made for programs: what a line
 * means hangs on its indent and on the line before it (iproute2, ip/ipaddress.c, print_linkinfo and print_addrinfo).
 *
 * Unknown attributes are passed over. Not read is what could hide a device or an address: a line at the margin that is
 * no header, a header that is not complete, an address line that is not. Refused is an index or a name that comes twice.
 */
export function parseLinks(text: string): Reading<LinksObservation> {
  return reading(text, (lines, unread) => {
    refuseLinkOptions(lines);
    const links = readDevices(splitByDevice(lines), unread);
    if (links.length === 0) refuse('empty: not even a loopback device', null);
    refuseTwice(links);
    return { kind: 'links', links };
  });
}

interface DeviceLines {
  readonly header: Line;
  readonly details: Line[];
}

/**
 * A device is unread as a whole where any of its lines but those of addresses is. A line at the margin that does not even
 * begin as a header may be a message in the midst of the device above, whose last lines then stand below it.
 */
function readDevices(devices: readonly DeviceLines[], unread: Unread): LinkObservation[] {
  const known = devices.filter((device, at) => {
    const next = devices[at + 1]?.header;
    const isSplit = next !== undefined && !/^\d+: /.test(next.text);
    if (isSplit) unread.add(device.header, `what stands below '${excerptOf(next)}' may belong to it`);
    return !isSplit;
  });
  const byHeader = new Map(known.map((device) => [device.header, device.details]));
  return unread.each([...byHeader.keys()], (line) => [readLink(line, byHeader.get(line) ?? [], unread)]);
}

function excerptOf({ text }: Line): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function splitByDevice(lines: readonly Line[]): DeviceLines[] {
  const devices: DeviceLines[] = [];
  for (const line of lines) {
    if (!/^\s/.test(line.text)) devices.push({ header: line, details: [] });
    else {
      const device = devices.at(-1) ?? refuse(`belongs to no device: ${line.text}`, line);
      device.details.push(line);
    }
  }
  return devices;
}

function refuseTwice(links: readonly LinkObservation[]): void {
  const seen = new Set<string | number>();
  for (const link of links) {
    if (seen.has(link.index) || seen.has(link.name)) {
      refuse(`device ${link.index} ${link.name} comes twice`, { number: link.line, text: link.name });
    }
    seen.add(link.index).add(link.name);
  }
}

function readLink(line: Line, details: readonly Line[], unread: Unread): LinkObservation {
  for (const each of [line, ...details.filter((detail) => !isAddressLine(detail))]) refuseDamaged(each);
  const found = header.exec(line.text)?.groups ?? refuseLine(line, 'the first line of a device');
  const attributes = attributesOf(found['attributes'] ?? '', line);
  const flags = found['flags']?.split(',') ?? [];
  const layer = readLinkLayer(details);
  return {
    line: line.number,
    index: wholeNumber(found['index'], line),
    name: found['name'] ?? '',
    flags,
    mtu: wholeNumber(attributes.get('mtu'), line),
    qdisc: attributes.get('qdisc') ?? null,
    state: attributes.get('state') ?? null,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP') && !flags.includes('NO-CARRIER'),
    master: attributes.get('master') ?? null,
    linkType: layer?.type ?? null,
    mac: layer?.mac ?? null,
    ...(layer === null ? noDetails : readDetails(layer, details)),
    // Without the link-layer line (`ip -4 address`), the namespace stands at the end of the header.
    peer: readPeer(found['peer'], layer?.namespace ?? readNamespace(line)),
    addresses: details.flatMap((detail) => unread.attempt(detail, () => readAddress(detail)) ?? []),
  };
}

/** The attributes that matter of a header, each of which may come once; others are passed over. */
function attributesOf(text: string, line: Line): Map<string, string> {
  const known = ['mtu', 'qdisc', 'master', 'state'];
  const words = text.trim().split(/\s+/);
  const attributes = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const key = words[at] ?? '';
    if (!known.includes(key)) continue;
    const value = words[++at];
    if (value === undefined || attributes.has(key)) return refuseLine(line, `a device with one ${key}`);
    attributes.set(key, value);
  }
  return attributes;
}

function isAddressLine({ text }: Line): boolean {
  return /^ {4}inet6? /.test(text);
}

const behindName =
  / link-netns (\S+(?: \S+)*?)(?= +(?:link-netnsid|new-netns|new-netnsid|new-ifindex|protodown|promiscuity)\b|\s*$)/;

interface LinkLayer {
  readonly line: Line;
  readonly type: string;
  readonly mac: string | null;
  readonly namespace: NamespaceReference | null;
}

/** `    link/ether 0e:cc:ed:f5:62:41 brd ff:ff:ff:ff:ff:ff link-netnsid 1`; `ip -4 address` prints none. */
function readLinkLayer(details: readonly Line[]): LinkLayer | null {
  const [line, second] = details.filter(({ text }) => text.startsWith('    link/'));
  if (second) refuse(`a second link-layer line for one device: ${second.text}`, second);
  if (!line) return null;
  const found = /^ {4}link\/(\S+)(?: ([0-9a-f]{2}(?::[0-9a-f]{2})+))?(?= |$)/.exec(line.text);
  const [, type, mac] = found ?? [];
  if (type === undefined) return refuseLine(line, 'a link-layer line');
  if (type === 'ether' && !/^(?:..:){5}..$/.test(mac ?? '')) refuseLine(line, 'a link-layer line with a MAC address');
  return { line, type, mac: mac ?? null, namespace: readNamespace(line) };
}

/**
 * Old: `link-netnsid 1`; new: `link-netns ns1` where the id has a name, `link-netnsid 1` where it has none. A name may hold
 * blanks; behind it stand but few things (`print_linkinfo`).
 */
function readNamespace(line: Line): NamespaceReference | null {
  const byId = / link-netnsid (\S+)/.exec(line.text)?.[1];
  const byName = behindName.exec(line.text)?.[1];
  if (byId !== undefined) return { by: 'id', id: byId === 'unknown' ? -1 : wholeNumber(byId, line) };
  return byName === undefined ? null : { by: 'name', name: byName };
}

/**
 * iproute2 prints an index (`@if5`) where the peer lives in another namespace, or where no device here has it; a name
 * otherwise; and `@NONE` where there is no device below. So a peer that is printed without a namespace as `if5` is
 * either a device of that name, or one that cannot be found from here: by index, in a namespace that is not known.
 */
function readPeer(peer: string | undefined, namespace: NamespaceReference | null): LinkObservation['peer'] {
  if (peer === undefined || peer === 'NONE') return null;
  const index = /^if([1-9]\d{0,9})$/.exec(peer)?.[1];
  return index === undefined ? { by: 'name', name: peer } : { by: 'index', index: Number(index), namespace };
}

/**
 * `    inet 10.1.1.1/24 brd 10.1.1.255 scope global tap0`, or `inet 10.4.0.1 peer 10.4.0.2/32 scope …`: there the prefix
 * length belongs to the peer, and what is behind it; of this end there is but the address (ip-address(8)).
 */
function readAddress(line: Line): AddressObservation[] {
  refuseDamaged(line);
  const isOther = !/^\s+inet|\bscope\b/.test(line.text) || /^ {4}(?:alias|altname) /.test(line.text);
  if (isOther) return [];
  const found = /^ {4}(inet6?) (\S+)(?: peer (\S+))?(?: .*?)? scope (\S+)(?: |$)/.exec(line.text);
  const [, family, own, peer, scope] = found ?? [];
  const prefix = splitPrefix(peer ?? own ?? '');
  if ((family !== 'inet' && family !== 'inet6') || own === undefined || scope === undefined || prefix === null) {
    return refuseLine(line, 'an address line');
  }
  const address = peer === undefined ? prefix.address : own;
  const isOfFamily = [address, prefix.address].every((each) => isIP(each) === (family === 'inet6' ? 6 : 4));
  if (!isOfFamily) refuseLine(line, 'an address line');
  const prefixLength = peer === undefined ? prefix.prefixLength : hostPrefixLength(address);
  return [{ line: line.number, family, address, prefixLength, peer: peer ?? null, scope }];
}

const vlanFields: Fields<NonNullable<LinkObservation['vlan']>> = { protocol: 'string', id: 'int' };

const addressFields: Fields<AddressObservation> = {
  family: 'string',
  address: 'string',
  prefixLength: 'int',
  peer: 'string',
  scope: 'string',
};

const linkFields: Fields<LinkObservation> = {
  index: 'int',
  name: 'string',
  flags: 'list<string>',
  mtu: 'int',
  qdisc: 'string',
  state: 'string',
  up: 'bool',
  carrier: 'bool',
  master: 'string',
  linkType: 'string',
  mac: 'string',
  deviceKind: 'string',
  vlan: 'Vlan',
  vlanFiltering: 'bool',
  tunnel: 'Tunnel',
  peer: 'LinkPeer',
  addresses: 'list<Address>',
};

const linksFields: Fields<LinksObservation> = { links: 'list<Link>' };

export const linksParser: Parser<'links', LinksObservation> = {
  name: 'links',
  read: parseLinks,
  type: 'Links',
  types: {
    PeerNamespace: { by: 'string', id: 'int', name: 'string' },
    LinkPeer: { by: 'string', name: 'string', index: 'int', namespace: 'PeerNamespace' },
    Vlan: vlanFields,
    Tunnel: tunnelFields,
    Address: addressFields,
    Link: linkFields,
    Links: linksFields,
  },
};
