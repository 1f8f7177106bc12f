import { reading, refuse } from './reading.ts';
import type { Reading } from './types.ts';

export interface ForwardingObservation {
  readonly kind: 'forwarding';
  /** null: nothing is said of IPv4, as of IPv6 where the kernel has none. */
  readonly ipv4: boolean | null;
  readonly ipv6: boolean | null;
}

/**
 * Reads `ip netconf`, which tells of all devices together what /proc/sys/net/ipv4/ip_forward and
 * /proc/sys/net/ipv6/conf/all/forwarding hold: those files can be read from within a namespace alone, by one process more.
 * iproute2 of old prints `ipv4` for `inet` (ip/ipnetconf.c).
 */
export function parseForwarding(text: string): Reading<ForwardingObservation> {
  return reading(text, (lines) => {
    const stateOf = (family: RegExp): boolean | null => {
      const found = lines.find((line) => family.test(line.text));
      if (found === undefined) return null;
      const word = / all (?:.* )?forwarding (on|off)\b/.exec(found.text)?.[1];
      return word === undefined ? refuse(`no word of forwarding: ${found.text}`, found) : word === 'on';
    };
    return { kind: 'forwarding', ipv4: stateOf(/^(?:inet|ipv4) all /), ipv6: stateOf(/^(?:inet6|ipv6) all /) };
  });
}
