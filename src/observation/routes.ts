import type { Fields, Parser } from './parser.ts';
import { isIP } from 'node:net';

import { splitPrefix } from './ip-address.ts';
import { refuseOptions } from './ip-options.ts';
import { reading, refuse, refuseDamaged, refuseLine, wholeNumber, type Line } from './reading.ts';
import { isRouteTable, readRouteTable } from './route-table.ts';
import type { Reading, RouteObservation, RoutesObservation } from './types.ts';

const deviceless = ['unreachable', 'prohibit', 'blackhole', 'throw'];
const types = ['unicast', 'local', 'broadcast', 'multicast', 'anycast', 'nat', ...deviceless];
/** Attributes with a value that may stand before `dev`, where an unknown one could change where the route leads. */
const valued = ['via', 'dev', 'table', 'proto', 'scope', 'src', 'metric', 'from', 'tos', 'nhid'];

/**
 * Reads `ip route` (any table, -6, -d, and `ip route get`), and `route -n` or `netstat -rn` of net-tools and
 * busybox, known by their heading. No line at all is an empty table, and so is read.
 *
 * Not read is a route over several next hops: it is one route, and to give it as several, or as one of them, would be
 * wrong. Refused is what no kernel prints: the same route twice (`fib_table_insert` answers EEXIST).
 */
export function parseRoutes(text: string): Reading<RoutesObservation> {
  return reading(text, (lines, unread) => {
    refuseOptions(lines);
    if (isRouteTable(lines)) return { kind: 'routes', routes: readRouteTable(lines, unread) };
    refuseTwice(lines);
    return { kind: 'routes', routes: unread.each(lines, (line) => readLine(line, lines)) };
  });
}

/** Routes to one destination differ in something: metric, table, type of service, where they lead. */
function refuseTwice(lines: readonly Line[]): void {
  const seen = new Set<string>();
  for (const line of lines.filter(({ text }) => /^\S/.test(text))) {
    const route = line.text
      .split(' ')
      .filter((word) => !['', 'linkdown', 'dead'].includes(word))
      .join(' ');
    if (seen.has(route)) refuse(`the same route a second time: ${line.text.trimEnd()}`, line);
    seen.add(route);
  }
}

function readLine(line: Line, lines: readonly Line[]): RouteObservation[] {
  refuseDamaged(line);
  const [above, next] = [lines[line.number - 2], lines[line.number]];
  // `ip route get` adds a line that says what the kernel keeps in its cache.
  if (above !== undefined && /^ {4}cache\b/.test(line.text)) return [];
  // The route above is refused for it, and any further next hop stands below another.
  if (above !== undefined && isNextHop(line) && (isNextHop(above) || /^\S/.test(above.text))) return [];
  if (/^\s/.test(line.text)) refuseLine(line, 'a route');
  if (isNextHop(next) || line.text.includes('\\\tnexthop '))
    refuse(`leads over several next hops: ${line.text.trimEnd()}`, line);
  return [readRoute(line)];
}

function isNextHop(line: Line | undefined): boolean {
  return line !== undefined && /^\s+nexthop\b/.test(line.text);
}

/** `10.1.1.0/24 dev tap0 proto kernel scope link src 10.1.1.1 linkdown`, a type in front where it is not unicast. */
function readRoute(line: Line): RouteObservation {
  const words = line.text.trimEnd().split(' ');
  const type = types.includes(words[0] ?? '') ? (words.shift() ?? '') : 'unicast';
  const destination = words.shift() ?? '';
  if (destination !== 'default' && isIP(destination) === 0 && splitPrefix(destination) === null) {
    refuseLine(line, 'a route');
  }
  const { values, rest } = readAttributes(words, line);
  const device = values.get('dev') ?? null;
  if (device === null && !deviceless.includes(type)) refuseWithoutDevice(line, values);
  const source = values.get('src') ?? null;
  if (source !== null && isIP(source) === 0) refuseLine(line, 'a route with a source address');
  return {
    line: line.number,
    type,
    destination,
    via: values.get('via') ?? null,
    device,
    table: values.get('table') ?? null,
    protocol: values.get('proto') ?? null,
    scope: values.get('scope') ?? null,
    source,
    metric: readMetric(values.get('metric'), line),
    linkDown: rest.includes('linkdown'),
    dead: rest.includes('dead'),
  };
}

function refuseWithoutDevice(line: Line, values: ReadonlyMap<string, string>): never {
  const text = line.text.trimEnd();
  const id = values.get('nhid');
  if (id !== undefined) refuse(`leads over a next-hop object (nhid ${id}) that the line does not show: ${text}`, line);
  if (values.size > 0) refuse(`names no device, as ip route show dev X leaves it out: ${text}`, line);
  return refuseLine(line, 'a route with a device');
}

/** Each known attribute may come once; others are passed over, but before `dev` none is: see `valued`. */
function readAttributes(words: readonly string[], line: Line): { values: Map<string, string>; rest: string[] } {
  const values = new Map<string, string>();
  const rest: string[] = [];
  const left = words.filter((word) => word !== '');
  const deviceAt = left.lastIndexOf('dev');
  for (let at = 0; at < left.length; at += 1) {
    const key = left[at] ?? '';
    if (valued.includes(key)) {
      // `inet6 fe80::1` in an IPv4 route.
      const isOfFamily = key === 'via' && ['inet', 'inet6'].includes(left[at + 1] ?? '');
      const value = left.slice(at + 1, at + (isOfFamily ? 3 : 2)).join(' ');
      if (value === '' || values.has(key)) return refuseLine(line, `a route with one ${key}`);
      if (key === 'via') checkGateway(value, line);
      values.set(key, value);
      at += isOfFamily ? 2 : 1;
    } else if (key === 'encap') {
      // What is put around the packet, which may have a `src` of its own, up to where it is sent.
      while (at + 1 < left.length && !['via', 'dev'].includes(left[at + 1] ?? '')) at += 1;
    } else {
      if (at < deviceAt && !values.has('dev')) refuseLine(line, `a route that is understood ('${key}')`);
      rest.push(key);
    }
  }
  return { values, rest };
}

function checkGateway(gateway: string, line: Line): void {
  if (isIP(gateway.replace(/^inet6? /, '')) === 0) refuseLine(line, 'a route with the address of its gateway');
}

/** busybox prints the upper half of the range as negative numbers. */
function readMetric(text: string | undefined, line: Line): number | null {
  if (text === undefined) return null;
  return text.startsWith('-') ? 2 ** 32 - wholeNumber(text.slice(1), line) : wholeNumber(text, line);
}

const routeFields: Fields<RouteObservation> = {
  destination: 'string',
  via: 'string',
  device: 'string',
  protocol: 'string',
  scope: 'string',
  source: 'string',
  metric: 'int',
  type: 'string',
  table: 'string',
  linkDown: 'bool',
  dead: 'bool',
};

const routesFields: Fields<RoutesObservation> = { routes: 'list<Route>' };

export const routesParser: Parser<'routes', RoutesObservation> = {
  name: 'routes',
  read: parseRoutes,
  type: 'Routes',
  types: { Route: routeFields, Routes: routesFields },
};
