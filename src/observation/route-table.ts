import { isIPv4 } from 'node:net';

import { maskOf, prefixLengthOf, splitPrefix } from './ip-address.ts';
import { refuse, refuseDamaged, refuseLine, wholeNumber, type Line, type Unread } from './reading.ts';
import type { RouteObservation, RoutesObservation } from './types.ts';

const heading = 'Kernel IP routing table';
const columns = 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface';
/** Of `netstat -rn` and `route -ne`, which have no metric, and of `route -ee`, which has both. */
const otherColumns = {
  netstat: 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface',
  both: `${columns}    MSS   Window irtt`,
};

export function isRouteTable(lines: readonly Line[]): boolean {
  const [first] = lines;
  if (first?.text === 'Kernel IPv6 routing table') {
    refuse('is the IPv6 table of route or netstat, which is not read: capture ip -6 route', first);
  }
  return lines[0]?.text === heading;
}

/**
 * Reads the table of `route -n`, `netstat -rn` and the like. Without -n, `default` and `*` stand for addresses that are
 * known; a row with another name is not read.
 */
export function readRouteTable(lines: readonly Line[], unread: Unread): RouteObservation[] {
  const [, columnLine, ...rows] = lines;
  if (!columnLine) return refuse('cut off after the heading', lines[0] ?? null);
  const row = rowOf(columnLine.text.trimEnd()) ?? refuseLine(columnLine, 'the column line of a routing table');
  return unread.each(rows, (line) => [readRow(line, row)]);
}

const place = '(?<destination>[^ ]+) +(?<gateway>[^ ]+) +(?<mask>[\\d.]+) +(?<flags>[A-Z!]+)';
const withMetric = `${place} +(?<metric>-?\\d+) +[\\d-]+ +\\d+ (?<device>[^ ]+)`;
const rows = {
  route: new RegExp(`^${withMetric}$`),
  netstat: new RegExp(`^${place} +[\\d-]+ +[\\d-]+ +[\\d-]+ (?<device>[^ ]+)$`),
  both: new RegExp(`^${withMetric} +[\\d-]+ +[\\d-]+ +[\\d-]+$`),
};

function rowOf(columnText: string): RegExp | null {
  if (columnText === columns) return rows.route;
  if (columnText === otherColumns.netstat) return rows.netstat;
  return columnText === otherColumns.both ? rows.both : null;
}

function readRow(line: Line, row: RegExp): RouteObservation {
  refuseDamaged(line);
  const found = row.exec(line.text.trimEnd())?.groups ?? refuseLine(line, 'a row of a routing table');
  const { mask = '', flags = '', device = '' } = found;
  const prefixLength = prefixLengthOf(mask);
  if (prefixLength === null) return refuseLine(line, 'a row of a routing table');
  const destination =
    found['destination'] === 'default' && prefixLength === 0 ? '0.0.0.0' : (found['destination'] ?? '');
  const gateway = found['gateway'] === '*' ? '0.0.0.0' : (found['gateway'] ?? '');
  const name = [destination, gateway].find((text) => /^[a-z_][\w.-]*$/i.test(text));
  if (name !== undefined)
    refuse(`has a name for an address ('${name}'), as route without -n prints it: ${line.text}`, line);
  if (!isIPv4(destination)) return refuseLine(line, 'a row of a routing table');
  const via = gateway === '0.0.0.0' || gateway === '-' ? null : gateway;
  if ((via !== null && !isIPv4(via)) || flags.includes('H') !== (prefixLength === 32)) {
    refuseLine(line, 'a row of a routing table');
  }
  // The gateway is an IPv6 address, and the table has no room for it; or the row is damaged.
  if (flags.includes('G') !== (via !== null)) refuse(`has a gateway that the table does not show: ${line.text}`, line);
  const leadsNowhere = device === '-' || device === '*';
  return {
    line: line.number,
    type: flags.includes('!') ? 'unreachable' : leadsNowhere ? 'unknown' : 'unicast',
    destination: destinationOf(destination, prefixLength),
    via,
    device: leadsNowhere ? null : device,
    table: null,
    protocol: null,
    scope: null,
    source: null,
    metric: found['metric'] === undefined ? null : readMetric(found['metric'], line),
    linkDown: false,
    dead: false,
  };
}

/** As `ip route` would print it. */
function destinationOf(address: string, prefixLength: number): string {
  if (prefixLength === 32) return address;
  return prefixLength === 0 ? 'default' : `${address}/${prefixLength}`;
}

/** `ip route` prints no metric where it is 0. The table shows the upper half of the range as negative numbers. */
function readMetric(text: string, line: Line): number | null {
  const metric = text.startsWith('-') ? 2 ** 32 - wholeNumber(text.slice(1), line) : wholeNumber(text, line);
  return metric === 0 ? null : metric;
}

/**
 * The table that `route -n` of net-tools 2.10 would print for these routes, as `ip route` gave them (of the main
 * table; IPv6 routes and those of other tables are left out, and what the kernel leaves out of /proc/net/route:
 * broadcast and multicast). Layout: rprint_fib in net-tools' lib/inet_gr.c; flags: fib_route_seq_show in the kernel's
 * net/ipv4/fib_trie.c, where blackhole and throw come as `U` and without a device.
 */
export function renderRouteTable(routes: RoutesObservation): string {
  const shown = routes.routes.filter(isShown);
  return [heading, columns, ...shown.map(renderRow), ''].join('\n');
}

function isShown({ type, destination, via, table }: RouteObservation): boolean {
  const isIpv6 = destination.includes(':') || (destination === 'default' && /^[^ ]*:/.test(via ?? ''));
  const isMain = table === null || table === 'main';
  return !isIpv6 && isMain && type !== 'broadcast' && type !== 'multicast';
}

function renderRow(route: RouteObservation): string {
  const { address, prefixLength } = targetOf(route.destination);
  const isRejected = route.type === 'unreachable' || route.type === 'prohibit';
  const flags = `${isRejected ? '!' : 'U'}${route.via === null ? '' : 'G'}${prefixLength === 32 ? 'H' : ''}`;
  const gateway = route.via !== null && isIPv4(route.via) ? route.via : '0.0.0.0';
  // A C int there: %d of a metric above its range is negative.
  const metric = (route.metric ?? 0) | 0;
  return [
    address.padEnd(15),
    (isRejected ? '-' : gateway).padEnd(15),
    maskOf(prefixLength).padEnd(15),
    flags.padEnd(5),
    String(metric).padEnd(6),
    (isRejected ? '-' : '0').padEnd(2),
    '0'.padStart(7),
    isRejected ? '-' : (route.device ?? '*'),
  ].join(' ');
}

function targetOf(destination: string): { address: string; prefixLength: number } {
  if (destination === 'default') return { address: '0.0.0.0', prefixLength: 0 };
  return splitPrefix(destination) ?? { address: destination, prefixLength: 32 };
}
