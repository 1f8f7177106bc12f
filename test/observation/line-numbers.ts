import type { Observation } from '../../src/observation/observe.ts';

/** A value that an observation says stands in a line. */
interface Sighting {
  readonly line: number;
  readonly value: string | number;
}

/** The sightings that are not true of the text: none, if every line number is right. */
export function falseSightings(observation: Observation, text: string): Sighting[] {
  const lines = text.split('\n');
  return sightings(observation).filter(({ line, value }) => !stands(value, lines[line - 1] ?? ''));
}

function stands(value: string | number, line: string): boolean {
  if (typeof value === 'string') return oneSpaced(line).includes(oneSpaced(value));
  // busybox and route -n print the upper half of a metric's range as negative numbers.
  const numbers = (line.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  return numbers.some((number) => Math.abs(number) === value || number + 2 ** 32 === value);
}

/** Damage may leave two spaces where the tool prints one; words are what the parsers read. */
function oneSpaced(text: string): string {
  return text.replace(/ +/g, ' ');
}

function sightings(observation: Observation): Sighting[] {
  switch (observation.kind) {
    case 'ping': {
      const { line, transmitted, received, lossPercent, rtt, replies, failures } = observation;
      return [
        ...all(line, [transmitted, received, lossPercent]),
        ...(rtt === null ? [] : all(rtt.line, [rtt.minMs, rtt.avgMs, rtt.maxMs, rtt.mdevMs])),
        ...replies.flatMap((one) => all(one.line, [one.from, one.bytes, one.sequence, one.ttl, one.timeMs])),
        ...failures.flatMap((one) => all(one.line, [one.from, one.sequence, one.reason])),
      ];
    }
    case 'links':
      return observation.links.flatMap((link) => [
        ...all(link.line, [link.index, link.name, link.mtu, link.qdisc, link.state, link.master, ...link.flags]),
        ...link.addresses.flatMap((one) => {
          // The line has the peer's.
          const prefixLength = one.peer === null ? one.prefixLength : null;
          return all(one.line, [one.family, one.address, prefixLength, one.peer, `scope ${one.scope}`]);
        }),
      ]);
    case 'routes':
      return observation.routes.flatMap(({ line, destination, via, device, protocol, scope, source, metric }) =>
        all(line, [destination.replace(/\/\d+$|^default$/, ''), via, device, protocol, scope, source, metric]),
      );
    case 'neighbours':
      return observation.neighbours.flatMap(({ line, address, device, mac, state }) =>
        all(line, [address, device, mac, state]),
      );
    case 'namespaces':
      return observation.namespaces.flatMap(({ line, name, id }) => all(line, [name, id]));
    case 'tcpdump':
      // With `-v` the addresses stand in the next line.
      return observation.packets.flatMap(({ line, length, vlan }) => all(line, [length, vlan]));
    default:
      throw new RangeError(`no sightings in ${observation.kind}`);
  }
}

function all(line: number, values: readonly (string | number | null)[]): Sighting[] {
  return values.flatMap((value) => (value === null ? [] : [{ line, value }]));
}
