import { isIP, isIPv4, SocketAddress } from 'node:net';

/** `10.1.1.1/24` in its two parts, checked; null where the text is no address with a prefix length. */
export function splitPrefix(text: string): { address: string; prefixLength: number } | null {
  const parts = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const [, address, digits] = parts ?? [];
  if (address === undefined || digits === undefined) return null;
  const family = isIP(address);
  const prefixLength = Number(digits);
  if (family === 0 || prefixLength > (family === 4 ? 32 : 128)) return null;
  return { address, prefixLength };
}

/** That of a host's own address: 32, or 128. */
export function hostPrefixLength(address: string): number {
  return isIPv4(address) ? 32 : 128;
}

/** `255.255.255.0` for 24. */
export function maskOf(prefixLength: number): string {
  const bits = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}

/** 24 for `255.255.255.0`; null where the text is no mask. */
export function prefixLengthOf(mask: string): number | null {
  if (!isIPv4(mask)) return null;
  for (let length = 0; length <= 32; length++) if (maskOf(length) === mask) return length;
  return null;
}

/** Whether two texts are one address: IPv6 has several spellings, and the zone (`%eth0`) may be left out of one. */
export function sameAddress(one: string, other: string): boolean {
  const [spelled, spelledToo] = [canonical(one), canonical(other)];
  return spelled !== null && spelled === spelledToo;
}

function canonical(text: string): string | null {
  const address = text.replace(/%.*$/, '');
  const family = isIP(address);
  if (family === 0) return null;
  return new SocketAddress({ address, family: family === 4 ? 'ipv4' : 'ipv6' }).address;
}

/** 0.0.0.0 or ::, which stand for any address of this host. */
export function isUnspecified(address: string): boolean {
  return sameAddress(address, '0.0.0.0') || sameAddress(address, '::');
}

export function isMulticast(address: string): boolean {
  return isIPv4(address) ? /^2(?:2[4-9]|3\d)\./.test(address) : /^ff/i.test(address);
}

/** Whether an IPv4 address is the last one of some network of four or more: no more can be told without its mask. */
export function mayBeBroadcast(address: string): boolean {
  return isIPv4(address) && (Number(address.split('.')[3]) & 3) === 3;
}
