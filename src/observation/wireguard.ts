import { reading, refuse, refuseLine, wholeNumber, type Line } from './reading.ts';
import type { WireGuard, WireGuardPeer } from './topology.ts';
import type { Reading } from './types.ts';

export interface WireGuardObservation {
  readonly kind: 'wireguard';
  readonly devices: readonly WireGuard[];
}

/** Reads `wg show`, in which the keys that are secret stand as `(hidden)` (wireguard-tools, src/show.c, pretty_print). */
export function parseWireGuard(text: string): Reading<WireGuardObservation> {
  return reading(text, (lines) => {
    const devices: WireGuard[] = [];
    for (const line of lines) {
      if (line.text.trim() === '') continue;
      const [, key = '', value = ''] = /^ *([a-z ]+): (.*)$/.exec(line.text) ?? refuseLine(line, 'a line of wg show');
      if (key === 'interface') {
        devices.push({ device: value, publicKey: null, port: null, peers: [] });
        continue;
      }
      const device = devices.pop() ?? refuse(`belongs to no interface: ${line.text}`, line);
      devices.push(key === 'peer' ? withPeer(device, value) : withValue(device, key, { value, line }));
    }
    return { kind: 'wireguard', devices };
  });
}

function withPeer(device: WireGuard, publicKey: string): WireGuard {
  return { ...device, peers: [...device.peers, { publicKey, endpoint: null, allowedAddresses: [] }] };
}

function withValue(
  device: WireGuard,
  key: string,
  { value, line }: { readonly value: string; readonly line: Line },
): WireGuard {
  const change = (part: Partial<WireGuardPeer>): WireGuard => ({
    ...device,
    peers: device.peers.map((peer, at) => (at === device.peers.length - 1 ? { ...peer, ...part } : peer)),
  });
  switch (key) {
    case 'public key':
      return { ...device, publicKey: value };
    case 'listening port':
      return { ...device, port: wholeNumber(value, line) };
    case 'endpoint':
      return change({ endpoint: value });
    case 'allowed ips':
      return change({ allowedAddresses: value === '(none)' ? [] : value.split(', ') });
    default:
      return device;
  }
}
