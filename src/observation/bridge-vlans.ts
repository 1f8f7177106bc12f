import { reading, refuse, refuseLine, wholeNumber, type Line } from './reading.ts';
import type { PortVlan } from './topology.ts';
import type { Reading } from './types.ts';

export interface BridgeVlans {
  readonly kind: 'bridge-vlans';
  /** By the port's name, in the order printed. */
  readonly ports: ReadonlyMap<string, readonly PortVlan[]>;
}

const header = /^port\s+vlan(?:-| )ids?\s*$/;

/** `red1-p            10 PVID Egress Untagged`; below it, with blanks in place of the port: `                  20-30`. */
const row =
  /^(?<port>\S+)?\s+(?:(?<none>None)|(?<first>\d+)(?:-(?<last>\d+))?(?<pvid> PVID)?(?<untagged> Egress Untagged)?)\s*$/;

/**
 * Reads `bridge vlan`, with `-compressvlans` or without (iproute2, bridge/vlan.c, print_vlan). Where no bridge is, it prints
 * the header alone, or nothing.
 */
export function parseBridgeVlans(text: string): Reading<BridgeVlans> {
  return reading(text, (lines) => {
    const ports = new Map<string, PortVlan[]>();
    let current: PortVlan[] | null = null;
    for (const line of lines) {
      if (header.test(line.text) || line.text.trim() === '') continue;
      const found = row.exec(line.text)?.groups ?? refuseLine(line, "a port's VLAN");
      if (found['port'] !== undefined) {
        if (ports.has(found['port'])) refuse(`the port ${found['port']} comes twice`, line);
        current = [];
        ports.set(found['port'], current);
      }
      if (current === null) return refuse('a VLAN without its port', line);
      if (found['none'] === undefined) current.push(...vlansOf(found, line));
    }
    return { kind: 'bridge-vlans', ports };
  });
}

function vlansOf(found: Readonly<Record<string, string | undefined>>, line: Line): PortVlan[] {
  const first = wholeNumber(found['first'], line);
  const last = found['last'] === undefined ? first : wholeNumber(found['last'], line);
  if (first > last || last > 4095) refuseLine(line, "a port's VLAN");
  const [pvid, untagged] = [found['pvid'] !== undefined, found['untagged'] !== undefined];
  return Array.from({ length: last - first + 1 }, (_, index) => ({ id: first + index, pvid, untagged }));
}
