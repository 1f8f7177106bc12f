import { isIP } from 'node:net';
import type { Fields } from './parser.ts';
import type { Tunnel } from './topology.ts';

/** Kinds that carry packets in packets to an address. */
const tunnelKinds = [
  ...['vxlan', 'geneve', 'ipip', 'sit', 'gre', 'gretap', 'erspan', 'vti'],
  ...['ip6tnl', 'ip6gre', 'ip6gretap', 'ip6erspan', 'vti6'],
];

/**
 * `    vxlan id 42 remote 10.0.0.2 local 10.0.0.1 srcport 0 0 dstport 4789 …`, `    gre remote any local 10.0.0.1 … okey 0.0.0.5 …`
 * (iproute2, ip/iplink_vxlan.c, iplink_geneve.c, link_iptnl.c, link_gre.c, link_vti.c). null for other kinds.
 */
export function readTunnel(kind: string, words: string): Tunnel | null {
  if (!tunnelKinds.includes(kind)) return null;
  const word = (key: string): string | null => new RegExp(` ${key} (\\S+)`).exec(words)?.[1] ?? null;
  const address = (key: string): string | null => {
    const found = word(key);
    return found !== null && isIP(found) > 0 ? found : null;
  };
  const key = word('okey');
  const port = word('dstport');
  return {
    local: address('local'),
    remote: address('remote') ?? address('group'),
    id: key === null ? numberOf(kind === 'vxlan' || kind === 'geneve' ? word('id') : null) : keyNumber(key),
    port: numberOf(port),
  };
}

function numberOf(word: string | null): number | null {
  return word !== null && /^\d{1,10}$/.test(word) ? Number(word) : null;
}

/** A key is printed as four bytes with dots. */
function keyNumber(text: string): number | null {
  if (isIP(text) !== 4) return numberOf(text);
  return text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

export const tunnelFields: Fields<Tunnel> = { local: 'string', remote: 'string', id: 'int', port: 'int' };
