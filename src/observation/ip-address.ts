import { isIP, isIPv4 } from 'node:net';

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
