import { mutant, otherAddress, withAddress, type Mutant, type Operator, type Original } from './mutant.ts';

/**
 * What a ping might have printed: such as contradicts itself (no ping prints that, and it must decide nothing), and such as
 * does not, of another network.
 */

/** Where the parts of a ping stand, from 0. */
interface Ping {
  readonly lines: readonly string[];
  readonly header: number;
  readonly statistics: number;
  readonly replies: readonly number[];
  readonly errors: readonly number[];
  /** Of the packets that were asked. */
  readonly address: string;
  readonly isIputils: boolean;
  readonly transmitted: number;
  readonly received: number;
}

const counts = /^(\d+) packets transmitted, (\d+) (packets )?received/;
const reply = / bytes from .*seq=\d+ .*ttl=/;
const error = /^From .* icmp_seq=\d+ /;
const time = /(?<= time=)[\d.]+(?= ms)/;

function pingIn({ lines }: Original): Ping | null {
  const header = lines.findIndex((line) => line.startsWith('PING '));
  const statistics = lines.findIndex((line) => counts.test(line));
  const address = /\(([\da-f.:]+)\)/i.exec(lines[header] ?? '')?.[1];
  const found = counts.exec(lines[statistics] ?? '');
  if (header < 0 || found === null || address === undefined) return null;
  const placesOf = (pattern: RegExp): number[] => lines.flatMap((line, at) => (pattern.test(line) ? [at] : []));
  return {
    lines,
    header,
    statistics,
    replies: placesOf(reply),
    errors: placesOf(error),
    address,
    isIputils: found[3] === undefined,
    transmitted: Number(found[1]),
    received: Number(found[2]),
  };
}

type Change = (ping: Ping) => readonly (readonly [places: readonly number[], lines: () => readonly string[]])[];

function ofPing(operator: string, change: Change): Operator {
  return (original): Mutant[] => {
    const ping = pingIn(original);
    const changes = ping === null ? [] : change(ping);
    const isOther = (lines: readonly string[]): boolean => lines.some((line, at) => line !== original.lines[at]);
    return changes
      .filter(([, lines]) => isOther(lines()) || lines().length !== original.lines.length)
      .map(([places, lines]) => mutant(operator, places, lines));
  };
}

/** Of many replies some tell as much as all. */
function few(places: readonly number[]): readonly number[] {
  const step = Math.max(1, (places.length - 1) / 3);
  return places.length <= 4 ? places : [0, 1, 2, 3].flatMap((nth) => places[Math.round(nth * step)] ?? []);
}

function edited(lines: readonly string[], places: readonly number[], edit: (line: string) => string): string[] {
  const chosen = new Set(places);
  return lines.map((line, at) => (chosen.has(at) ? edit(line) : line));
}

/** The lines that stay, with statistics that fit them. `transmitted`: as before where it is left out. */
function counted(
  ping: Ping,
  gone: readonly number[],
  transmitted = ping.transmitted,
  added: readonly string[] = [],
): string[] {
  const lost = new Set(gone);
  const isKept = (at: number): boolean => !lost.has(at);
  const kept = [...ping.replies.filter(isKept).map((at) => ping.lines[at] ?? ''), ...added];
  const errors = ping.errors.filter(isKept).length;
  const lines = ping.lines.flatMap((line, at) => {
    if (at === ping.header) return [line, ...added];
    if (at === ping.statistics) return [statisticsLine(line, transmitted, kept.length, errors)];
    if (at === ping.statistics + 1) return roundTripsLines(ping, line, kept);
    return isKept(at) ? [line] : [];
  });
  return lines;
}

function statisticsLine(line: string, transmitted: number, received: number, errors: number): string {
  const loss = Math.trunc(((transmitted - received) * 100) / transmitted);
  return line
    .replace(
      counts,
      (_, _t, _r, packets: string | undefined) =>
        `${transmitted} packets transmitted, ${received} ${packets ?? ''}received`,
    )
    .replace(/(?:, \+\d+ errors)?(?=, [\d.]+% packet loss)/, errors === 0 ? '' : `, +${errors} errors`)
    .replace(/[\d.]+(?=% packet loss)/, String(loss));
}

/** `line`: what stands below the statistics, or behind the last line feed. */
function roundTripsLines({ isIputils, lines, statistics }: Ping, line: string, replies: readonly string[]): string[] {
  const times = replies.flatMap((text) => (time.exec(text) ?? []).map(Number));
  if (times.length === 0) return [''];
  const average = times.reduce((sum, each) => sum + each, 0) / times.length;
  const numbers = [Math.min(...times), average, Math.max(...times)].map((each) => each.toFixed(3)).join('/');
  if (/min\/avg\/max/.test(line)) return [line.replace(/(?<= = )[\d.]+\/[\d.]+\/[\d.]+/, numbers)];
  const made = isIputils ? `rtt min/avg/max/mdev = ${numbers}/0.000 ms` : `round-trip min/avg/max = ${numbers} ms`;
  return statistics + 2 === lines.length ? [made, line] : [made];
}

/** The answer to the first packet, of the size that was sent. */
function answer({ lines, header, address, isIputils }: Ping): string {
  const payload = Number(/ (\d+)(?:\(\d+\))? (?:data )?bytes/.exec(lines[header] ?? '')?.[1] ?? 56);
  return `${payload + 8} bytes from ${address}: ${isIputils ? 'icmp_seq=1' : 'seq=0'} ttl=64 time=0.100 ms`;
}

/** `64 bytes from 10.1.1.2: …`, or with a name: `64 bytes from b.example (10.1.1.2): …`. */
function fromElsewhere(line: string): string {
  return line.replace(/(?<= bytes from (?:\S+ \()?)[\da-f.:]*[\da-f](?=\)?: )/i, otherAddress);
}

export const pingOperators: readonly Operator[] = [
  ofPing('every reply from another address', (ping) =>
    ping.replies.length === 0 ? [] : [[ping.replies, () => edited(ping.lines, ping.replies, fromElsewhere)]],
  ),
  ofPing('a reply from another address', (ping) =>
    few(ping.replies).map((at) => [[at], () => edited(ping.lines, [at], fromElsewhere)]),
  ),
  ofPing('a reply from another address, and ping says so', (ping) =>
    few(ping.replies).map((at) => [
      [at],
      () => edited(ping.lines, [at], (line) => `${fromElsewhere(line)} (DIFFERENT ADDRESS!)`),
    ]),
  ),
  ofPing('a sequence number twice', ({ lines, replies }) =>
    few(replies.slice(1)).map((at) => {
      const number = /seq=\d+/.exec(lines[replies[replies.indexOf(at) - 1] ?? 0] ?? '')?.[0] ?? '';
      return [[at], () => edited(lines, [at], (line) => line.replace(/seq=\d+/, number))];
    }),
  ),
  ofPing('a sequence number that was not sent', ({ lines, replies, errors, transmitted }) =>
    few([...replies, ...errors]).map((at) => [
      [at],
      () => edited(lines, [at], (line) => line.replace(/(?<=seq=)\d+/, String(transmitted + 100))),
    ]),
  ),
  ofPing('a reply that is missing', ({ lines, replies }) =>
    few(replies).map((at) => [[at], () => lines.toSpliced(at, 1)]),
  ),
  ofPing(
    'statistics of one reply more or less than there are',
    ({ lines, statistics, transmitted, received, errors }) =>
      [received - 1, received + 1]
        .filter((number) => number >= 0 && number <= transmitted)
        .map((number) => [
          [statistics],
          () => edited(lines, [statistics], (line) => statisticsLine(line, transmitted, number, errors.length)),
        ]),
  ),
  ofPing('a loss that is not that of the counts', ({ lines, statistics }) => [
    [
      [statistics],
      () =>
        edited(lines, [statistics], (line) =>
          line.replace(/[\d.]+(?=% packet loss)/, (loss) => (loss === '50' ? '51' : '50')),
        ),
    ],
  ]),
  ofPing('times that are not within those of the statistics', ({ lines, replies }) =>
    few(replies).map((at) => [[at], () => edited(lines, [at], (line) => line.replace(time, '98765'))]),
  ),
  ofPing('a packet is lost', (ping) =>
    few(ping.replies).map((at) => [[at, ping.statistics], () => counted(ping, [at])]),
  ),
  ofPing('no packet is answered', (ping) =>
    ping.received === 0 ? [] : [[[...ping.replies, ping.statistics], () => counted(ping, ping.replies)]],
  ),
  ofPing('a packet is answered', (ping) => {
    if (ping.received > 0) return [];
    const gone = ping.errors.slice(0, 1);
    return [[[...gone, ping.statistics], () => counted(ping, gone, ping.transmitted, [answer(ping)])]];
  }),
  ofPing('one packet is sent', (ping) => {
    const [, ...others] = [...ping.replies, ...ping.errors].sort((a, b) => a - b);
    const first = `seq=${ping.isIputils ? 1 : 0}`;
    const lines = (): string[] => counted(ping, others, 1).map((line) => line.replace(/seq=\d+(?= )/, first));
    return ping.transmitted === 1 ? [] : [[[...others, ping.statistics], lines]];
  }),
  ofPing('another address is asked', ({ lines, address, statistics }) => [
    [[statistics], () => lines.map((line) => withAddress(line, address, otherAddress(address)))],
  ]),
  ofPing('a thousand times as slow', ({ lines, replies, statistics }) =>
    replies.length === 0
      ? []
      : [
          [
            [...replies, statistics],
            () =>
              lines.map((line, at) => {
                const slower = (text: string): string => (Number(text) * 1000).toFixed(3);
                if (at === statistics + 1) return line.replaceAll(/\d+\.\d+/g, slower);
                return replies.includes(at) ? line.replace(time, slower) : line;
              }),
          ],
        ],
  ),
];
