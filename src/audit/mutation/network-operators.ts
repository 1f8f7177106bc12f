import { eachMatch, mutant, ofEachLine, otherAddress, type Mutant, type Operator } from './mutant.ts';
import { lineGone, lineTwice } from './text-operators.ts';

/** What `ip` might have printed of another network. */

const addressPattern = /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w:])/gi;
const macPattern = /(?<![\w:])[\da-f]{2}(?::[\da-f]{2}){5}(?![\w:])/gi;

const anotherAddress = ofEachLine('another address', (line) =>
  /link\//.test(line) ? [] : eachMatch(line, addressPattern, (address) => [otherAddress(address)]),
);
const anotherMac = ofEachLine('another hardware address', (line) =>
  eachMatch(line, macPattern, (address) => [`${address.slice(0, -2)}${address.endsWith('07') ? '08' : '07'}`]).slice(
    0,
    1,
  ),
);
const anotherPrefix = ofEachLine('another prefix length', (line) =>
  eachMatch(line, /(?<=[\da-f.:]\/)\d+\b/gi, (length) => [length === '16' ? '17' : '16']),
);
const anotherDevice = ofEachLine('another device', (line) =>
  eachMatch(line, /(?<=(?:^| )(?:dev|master) )\S+/g, (name) => [`${name}9`]),
);

/** Of the line that begins a device; its name may have the other end behind it: `veth0@if5:`. */
const deviceHead = /^(\d+: )([^:@\s]+)(@[^:\s]+)?(: )<([^>]*)>/;

function ofHead(
  operator: string,
  edit: (line: string, name: string, flags: readonly string[]) => readonly string[],
): Operator {
  return ofEachLine(operator, (line) => {
    const found = deviceHead.exec(line);
    return found === null ? [] : edit(line, found[2] ?? '', (found[5] ?? '').split(','));
  });
}

function withFlags(line: string, flags: readonly string[]): string {
  return line.replace(/<[^>]*>/, `<${flags.join()}>`);
}

/** The line that begins a device, and those below it. */
const withoutDevice: Operator = ({ lines, places }) =>
  places
    .filter((at) => deviceHead.test(lines[at] ?? ''))
    .map((at): Mutant => {
      const next = lines.findIndex((line, other) => other > at && !line.startsWith(' '));
      const end = next < 0 ? lines.length : next;
      return mutant('without a device', [...lines.keys()].slice(at, end), () => lines.toSpliced(at, end - at));
    });

const withoutAddress: Operator = ({ lines, places }) =>
  places
    .filter((at) => /^ {4}inet6? /.test(lines[at] ?? ''))
    .map((at) => {
      const count = /^ {7}valid_lft /.test(lines[at + 1] ?? '') ? 2 : 1;
      return mutant('without an address', [at], () => lines.toSpliced(at, count));
    });

export const linksOperators: readonly Operator[] = [
  ofHead('another name', (line, name) => [line.replace(`: ${name}`, `: ${name}9`)]),
  ofHead('the device is down', (line, _name, flags) => [
    withFlags(
      line,
      flags.filter((flag) => !['UP', 'LOWER_UP', 'NO-CARRIER'].includes(flag)),
    ).replace(/ state \S+/, ' state DOWN'),
  ]),
  ofHead('the device is up', (line, _name, flags) =>
    flags.includes('UP') ? [] : [withFlags(line, [...flags, 'UP', 'LOWER_UP']).replace(/ state \S+/, ' state UP')],
  ),
  ofHead('no carrier', (line, _name, flags) =>
    flags.includes('NO-CARRIER')
      ? []
      : [
          withFlags(line, ['NO-CARRIER', ...flags.filter((flag) => flag !== 'LOWER_UP')]).replace(
            / state \S+/,
            ' state DOWN',
          ),
        ],
  ),
  ofHead('another end', (line) =>
    eachMatch(line, /(?<=^\d+: [^:@\s]+@)[^:\s]+/g, (end) => [end.startsWith('if') ? `${end}9` : 'if99', `${end}9`]),
  ),
  ofHead('another MTU', (line) => [line.replace(/ mtu \d+/, ' mtu 1234')]),
  ofHead('another state', (line) => [line.replace(/ state \S+/, ' state LOWERLAYERDOWN')]),
  ofHead('no master', (line) => [line.replace(/ master \S+/, '')]),
  ofEachLine('another namespace of the other end', (line) =>
    eachMatch(line, /(?<= link-netns(?:id)? )\S+/g, (name) =>
      /^\d+$/.test(name) ? [String(Number(name) + 7)] : [`${name}9`],
    ),
  ),
  ofEachLine('another VLAN', (line) => eachMatch(line, /(?<= id )\d+/g, (id) => [String((Number(id) % 4000) + 1)])),
  ofEachLine('VLAN filtering, or none', (line) =>
    eachMatch(line, /(?<= vlan_filtering )[01]/g, (value) => [value === '1' ? '0' : '1']),
  ),
  withoutDevice,
  withoutAddress,
  anotherDevice,
  anotherAddress,
  anotherPrefix,
  anotherMac,
];

const linkDown = ofEachLine('no carrier, or one again', (line) =>
  line === '' ? [] : [/ linkdown\b/.test(line) ? line.replace(/ linkdown\b/, '') : `${line.trimEnd()} linkdown `],
);
const dead = ofEachLine('a route that is passed over', (line) =>
  line === '' || / dead\b/.test(line) ? [] : [`${line.trimEnd()} dead `],
);
const gateway = ofEachLine('another gateway, or none', (line) => {
  if (!/ dev \S/.test(line)) return [];
  return / via /.test(line) ? [line.replace(/ via \S+/, '')] : [line.replace(/ dev /, ' via 10.99.0.1 dev ')];
});
const hole = ofEachLine('packets are dropped', (line) =>
  / dev \S/.test(line) ? [`blackhole ${line.split(' ', 1)[0] ?? ''} `] : [],
);
const table = ofEachLine('a route of another table', (line) =>
  line === '' || / table /.test(line) ? [] : [`${line.trimEnd()} table 99 `],
);

/** A route for half of what one is for, by another device. */
const narrower: Operator = ({ lines, places }) =>
  places.flatMap((at) => {
    const found = /^(\d+\.\d+\.\d+\.\d+)\/(\d+) dev (\S+)/.exec(lines[at] ?? '');
    const length = Number(found?.[2] ?? 32);
    if (found === null || length >= 32) return [];
    return [
      mutant('a narrower route beside', [at], () =>
        lines.toSpliced(at, 0, `${found[1] ?? ''}/${length + 1} dev ${found[3] ?? ''}9 `),
      ),
    ];
  });

export const routesOperators: readonly Operator[] = [
  lineGone,
  lineTwice,
  narrower,
  anotherAddress,
  anotherPrefix,
  anotherDevice,
  gateway,
  linkDown,
  dead,
  hole,
  table,
];

const states = ['REACHABLE', 'STALE', 'DELAY', 'PROBE', 'FAILED', 'INCOMPLETE', 'PERMANENT', 'NOARP'];

export const neighboursOperators: readonly Operator[] = [
  lineGone,
  anotherAddress,
  anotherDevice,
  anotherMac,
  ofEachLine('no hardware address', (line) => [line.replace(/ lladdr \S+/, '')]),
  ofEachLine('another state', (line) =>
    eachMatch(line, /(?<= )[A-Z]+(?= ?$)/g, (state) =>
      states.includes(state) ? [state === 'STALE' ? 'FAILED' : 'STALE'] : [],
    ),
  ),
  ofEachLine('the neighbour failed', (line) =>
    / FAILED ?$/.test(line) || line === '' ? [] : [line.replace(/ lladdr \S+/, '').replace(/ [A-Z]+ ?$/, ' FAILED ')],
  ),
  ofEachLine('failed, and not', (line) =>
    line === '' || / FAILED ?$/.test(line)
      ? []
      : [`${line}\n${line.replace(/ lladdr \S+/, '').replace(/ [A-Z]+ ?$/, ' FAILED ')}`],
  ),
];

export const namespacesOperators: readonly Operator[] = [
  lineGone,
  lineTwice,
  ofEachLine('another name', (line) => [
    line.replace(/^(nsid \d+ \(iproute2 netns name: )?([^\s()]+)/, '$1$29').replace(/^nsid9/, 'nsid'),
  ]),
  ofEachLine('another id', (line) => eachMatch(line, /(?<=id:? )\d+/g, (id) => [String(Number(id) + 7)])),
  ofEachLine('another namespace beside', (line) => (line === '' ? [] : [`${line}\nother9`])),
];
