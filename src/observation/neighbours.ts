import type { Fields, Parser } from './parser.ts';
import { isIP } from 'node:net';

import { refuseOptions } from './ip-options.ts';
import { reading, refuse, refuseDamaged, refuseLine, type Line } from './reading.ts';
import type { NeighbourObservation, NeighboursObservation, Reading } from './types.ts';

/** What may stand behind a device's name: `print_neigh` in iproute2's ip/ipneigh.c. */
const attributes = ['lladdr', 'router', 'proxy', 'managed', 'extern_learn', 'extern_valid', 'offload', 'used', 'ref'];
const states = ['REACHABLE', 'STALE', 'DELAY', 'PROBE', 'FAILED', 'INCOMPLETE', 'PERMANENT', 'NOARP', 'NONE'];

/**
 * Reads `ip neigh`: `10.1.1.2 dev veth0 lladdr 92:c0:ef:ce:1d:da REACHABLE`. No line at all is an empty table, and so
 * is read; the order of the lines is the kernel's and means nothing.
 *
 * A capture of `ip neigh show dev X` is refused: ip leaves the device out of its lines then.
 */
export function parseNeighbours(text: string): Reading<NeighboursObservation> {
  return reading(text, (lines, unread) => {
    refuseOptions(lines);
    refuseOneDevice(lines);
    const neighbours = unread.each(lines, (line) => [readNeighbour(line)]);
    refuseTwice(neighbours, lines);
    return { kind: 'neighbours', neighbours };
  });
}

/** Refuses what names no device. */
function refuseOneDevice(lines: readonly Line[]): void {
  const [first] = lines;
  const [address = '', next = ''] = first?.text.split(' ') ?? [];
  if (!first || isIP(address) === 0 || !(next === 'lladdr' || states.includes(next))) return;
  refuse('names no device, as ip neigh show dev X leaves it out: capture ip neigh, without dev', first);
}

/** The kernel's table has one entry for an address on a device. */
function refuseTwice(neighbours: readonly NeighbourObservation[], lines: readonly Line[]): void {
  const seen = new Set<string>();
  for (const { address, device, line } of neighbours) {
    const key = `${address} dev ${device}`;
    if (seen.has(key)) refuse(`the same neighbour a second time: ${key}`, lines[line - 1] ?? null);
    seen.add(key);
  }
}

function readNeighbour(line: Line): NeighbourObservation {
  refuseDamaged(line);
  const found = /^(?<address>\S+) dev (?<device>\S+)(?<rest>(?: .*)?)$/.exec(line.text)?.groups;
  const { address, device, rest } = found ?? {};
  if (address === undefined || device === undefined || isIP(address) === 0) return refuseLine(line, 'a neighbour');
  const words = (rest ?? '').trim().split(/\s+/);
  if (words.includes('proxy')) refuse(`an address that is answered for (proxy), and no neighbour: ${line.text}`, line);
  const [next = ''] = words;
  if (![...attributes, ...states, 'proto', 'probes', ''].includes(next)) {
    refuse(`a device's name that holds a blank, or something unknown behind it ('${next}'): ${line.text}`, line);
  }
  const [state, second] = words.filter((word) => states.includes(word));
  if (state === undefined || second !== undefined) return refuseLine(line, 'a neighbour with one state');
  const at = words.indexOf('lladdr');
  const mac = at === -1 ? null : (words[at + 1] ?? '');
  if (mac !== null && !/^[0-9a-f]{2}(?::[0-9a-f]{2})*$/.test(mac)) refuseLine(line, 'a neighbour with a MAC address');
  return { line: line.number, address, device, mac, state };
}

const neighbourFields: Fields<NeighbourObservation> = {
  address: 'string',
  device: 'string',
  mac: 'string',
  state: 'string',
};

const neighboursFields: Fields<NeighboursObservation> = { neighbours: 'list<Neighbour>' };

export const neighboursParser: Parser<'neighbours', NeighboursObservation> = {
  name: 'neighbours',
  read: parseNeighbours,
  type: 'Neighbours',
  types: { Neighbour: neighbourFields, Neighbours: neighboursFields },
};
