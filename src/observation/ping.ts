import type { Fields, Parser } from './parser.ts';
import { isDamaged, reading, refuse, refuseLine, wholeNumber, type Line } from './reading.ts';
import type { PingFailure, PingObservation, PingReply, Reading } from './types.ts';

/** `PING 10.1.1.2 (10.1.1.2) 56(84) bytes of data.`, `PING ::1(::1) 56 data bytes` and the like. */
const header = /^PING (?<host>\S+?) ?\(\S+?\):?(?: .*)? (?<size>\d+)(?:\(\d+\))? (?:data )?bytes(?: of data\.)?$/;
const title = /^--- (\S+) ping statistics ---$/;
const looksLikeStatistics = /packets transmitted/;
const looksLikeRoundTrips = /min\/avg\/max/;

/** iputils: `ping_print_finish` in ping_output.c, `finish` in ping_common.c before 2025. */
const statistics =
  /^(?<transmitted>\d+) packets transmitted, (?<received>\d+) received(?:, \+(?<duplicates>\d+) duplicates)?(?:, \+\d+ corrupted)?(?:, \+(?<errors>\d+) errors)?, (?<loss>\d+(?:\.\d+)?)% packet loss, time (?<time>\d+)ms$/;
const roundTrips =
  /^rtt min\/avg\/max\/mdev = (?<min>\d+\.\d+)\/(?<avg>\d+\.\d+)\/(?<max>\d+\.\d+)\/(?<mdev>\d+\.\d+) ms(?:, pipe \d+)?(?:, ipg\/ewma \S+ ms)?$/;

/** busybox: `print_stats_and_exit` in networking/ping.c. */
const busyboxStatistics =
  /^(?<transmitted>\d+) packets transmitted, (?<received>\d+) packets received, (?:(?<duplicates>\d+) duplicates, )?(?<loss>\d+)% packet loss$/;
const busyboxRoundTrips = /^round-trip min\/avg\/max = (?<min>\d+\.\d+)\/(?<avg>\d+\.\d+)\/(?<max>\d+\.\d+) ms$/;

const reply =
  /^(?:\[\d+\.\d+\] )?(?<bytes>\d+) bytes from (?<from>\S+(?: \(\S+\))?): (?:icmp_)?seq=(?<sequence>\d+)(?: ident=\d+)? ttl=(?<ttl>\d+)(?: time=(?<time>\d+(?:\.\d+)?) ms)?(?<remarks>(?: \([A-Za-z !]+\))*)$/;
const failure = /^(?:\[\d+\.\d+\] )?From (?<from>\S+?(?: \(\S+\))?):? icmp_seq=(?<sequence>\d+) (?<reason>\S.*)$/;
const localFailure = /^(?:\S*\/)?ping6?: (?!warning)(?<reason>\S.*)$/i;

/** Without room for the time of sending, replies are not timed: a `struct timeval` in iputils, 4 bytes in busybox. */
const timedFromBytes = { iputils: 16, busybox: 4 };

/**
 * Reads what `ping`(8) printed. Refused: a capture without its statistics (ping was killed, could not start, or the
 * capture was cut off, be it by one byte), one that holds the output of two pings, and one whose numbers contradict
 * each other or the reply lines.
 */
export function parsePing(text: string): Reading<PingObservation> {
  return reading(text, (lines) => {
    const frame = findFrame(lines);
    const counts = readCounts(frame.statistics);
    const isTimed = frame.dataBytes >= timedFromBytes[counts.timeMs === null ? 'busybox' : 'iputils'];
    const { replies, corrupted } = readReplies(lines, frame, isTimed);
    checkReplyCount(replies, corrupted, counts, frame.statistics);
    return {
      kind: 'ping',
      line: frame.statistics.number,
      destination: frame.destination,
      ...counts,
      rtt: readRoundTrips(lines, frame.statistics, counts, isTimed),
      replies,
      // Errors of ping's own come by another channel than the rest, and so may stand before the header.
      failures: lines.slice(0, frame.title.number - 1).flatMap(readFailure),
    };
  });
}

interface Frame {
  readonly header: Line;
  readonly title: Line;
  readonly statistics: Line;
  readonly destination: string;
  readonly dataBytes: number;
}

/** The lines that hold the output together: the header, the title of the statistics, and the statistics below it. */
function findFrame(lines: readonly Line[]): Frame {
  const titleLine = only(lines, (line) => title.test(line.text), 'statistics');
  const statisticsLine = only(lines, (line) => looksLikeStatistics.test(line.text), 'statistics');
  if (titleLine === null || statisticsLine === null) return refuseUnfinished(lines);
  const headerLine = only(lines, (line) => line.text.startsWith('PING '), 'header');
  if (headerLine === null) return refuse('no PING line: the beginning is missing', null);
  if (headerLine.number > titleLine.number || statisticsLine.number !== titleLine.number + 1) {
    refuse('the lines are not in the order in which ping prints them', statisticsLine);
  }
  const found = header.exec(headerLine.text)?.groups ?? refuseLine(headerLine, 'the first line of a ping');
  const destination = title.exec(titleLine.text)?.[1] ?? '';
  if (found['host'] !== destination) {
    refuse(`the statistics are those of ${destination}, the ping that of ${found['host'] ?? ''}`, titleLine);
  }
  const dataBytes = wholeNumber(found['size'], headerLine);
  return { header: headerLine, title: titleLine, statistics: statisticsLine, destination, dataBytes };
}

function only(lines: readonly Line[], isOne: (line: Line) => boolean, what: string): Line | null {
  const [first, second] = lines.filter(isOne);
  if (second) refuse(`more than one ping's ${what}`, second);
  return first ?? null;
}

function refuseUnfinished(lines: readonly Line[]): never {
  // ping: …, connect: Network is unreachable, ping: unknown host …: the last thing that it said is why it ended.
  const said = lines.findLast(
    (line) => !isDamaged(line) && /^(?:(?:\S*\/)?ping6?|connect): (?!warning)/i.test(line.text),
  );
  if (said) refuse(said.text, said);
  const [first] = lines;
  if (first && !first.text.startsWith('PING ')) refuseLine(first, 'the first line of a ping');
  return refuse('no statistics: ping was killed, or the capture was cut off', lines.at(-1) ?? null);
}

type Counts = Pick<PingObservation, 'transmitted' | 'received' | 'errors' | 'duplicates' | 'lossPercent' | 'timeMs'>;

function readCounts(line: Line): Counts {
  const found = (statistics.exec(line.text) ?? busyboxStatistics.exec(line.text))?.groups;
  if (!found) return refuseLine(line, 'a complete statistics line');
  const counts = {
    transmitted: wholeNumber(found['transmitted'], line),
    received: wholeNumber(found['received'], line),
    errors: wholeNumber(found['errors'] ?? '0', line),
    duplicates: wholeNumber(found['duplicates'] ?? '0', line),
    lossPercent: Number(found['loss']),
    timeMs: found['time'] === undefined ? null : wholeNumber(found['time'], line),
  };
  checkLoss(counts, line);
  return counts;
}

function checkLoss({ transmitted, received, duplicates, lossPercent }: Counts, line: Line): void {
  if (transmitted === 0) refuse('nothing was transmitted, so there is no loss to speak of', line);
  if (received > transmitted + duplicates) {
    refuse(`contradicts itself: ${received} received of ${transmitted} transmitted`, line);
  }
  const exact = Math.max(0, ((transmitted - received) * 100) / transmitted);
  // iputils to 2019 and busybox cut the decimals off; later iputils print a C float with %g, which is six digits.
  const printable = [Math.trunc(exact), Number(Math.fround(exact).toPrecision(6))];
  if (!printable.includes(lossPercent)) {
    refuse(`contradicts itself: ${lossPercent}% loss, ${received} received of ${transmitted} transmitted`, line);
  }
}

/**
 * The line below the statistics. iputils always prints one, if only an empty one, and its absence means that the
 * capture was cut off; busybox prints one only where something was received.
 */
function readRoundTrips(
  lines: readonly Line[],
  statisticsLine: Line,
  counts: Counts,
  isTimed: boolean,
): PingObservation['rtt'] {
  const stray = lines.find((line) => looksLikeRoundTrips.test(line.text) && line.number !== statisticsLine.number + 1);
  if (stray) refuse('round-trip times that do not follow the statistics', stray);
  const isExpected = isTimed && counts.received > 0;
  const line = lines[statisticsLine.number];
  if (!line && (isExpected || counts.timeMs !== null)) refuse('cut off after the statistics line', statisticsLine);
  if (!line || (!isExpected && !looksLikeRoundTrips.test(line.text))) return null;
  const found = (counts.timeMs === null ? busyboxRoundTrips : roundTrips).exec(line.text)?.groups;
  if (!found) return refuseLine(line, 'a complete line of round-trip times');
  if (!isExpected) refuse('contradicts itself: round-trip times of what was not received or not timed', line);
  const [minMs, avgMs, maxMs] = [Number(found['min']), Number(found['avg']), Number(found['max'])];
  if (minMs > avgMs || avgMs > maxMs) refuse('contradicts itself: an average outside its minimum and maximum', line);
  const mdev = found['mdev'];
  return { line: line.number, minMs, avgMs, maxMs, mdevMs: mdev === undefined ? null : Number(mdev) };
}

/** The reply lines; those with a wrong checksum apart, for ping counts them as corrupted, not as received. */
function readReplies(
  lines: readonly Line[],
  frame: Frame,
  isTimed: boolean,
): { replies: PingReply[]; corrupted: number } {
  const replies: PingReply[] = [];
  let corrupted = 0;
  const answered = new Set<number>();
  for (const line of lines) {
    if (!/\bbytes from\b/.test(line.text)) continue;
    if (line.number < frame.header.number || line.number > frame.title.number) {
      refuse('a reply that does not stand between header and statistics', line);
    }
    const found = reply.exec(line.text)?.groups;
    if (!found || (found['time'] !== undefined) !== isTimed) return refuseLine(line, 'a complete reply line');
    const remarks = found['remarks'] ?? '';
    if (remarks.includes('BAD CHECKSUM')) {
      corrupted++;
      continue;
    }
    const sequence = wholeNumber(found['sequence'], line);
    replies.push({
      line: line.number,
      from: addressOf(found['from']),
      bytes: wholeNumber(found['bytes'], line),
      sequence,
      ttl: wholeNumber(found['ttl'], line),
      timeMs: found['time'] === undefined ? null : Number(found['time']),
      duplicate: remarks.includes('DUP!') || answered.has(sequence),
    });
    answered.add(sequence);
  }
  return { replies, corrupted };
}

/** With -q and -f ping prints no reply lines; otherwise it prints one for each reply that it counts. */
function checkReplyCount(replies: readonly PingReply[], corrupted: number, counts: Counts, statisticsLine: Line): void {
  if (replies.length + corrupted === 0) return;
  const duplicates = replies.filter((one) => one.duplicate).length;
  const firsts = replies.length - duplicates;
  if (firsts !== counts.received || duplicates !== counts.duplicates) {
    refuse(
      `contradicts itself: ${firsts} reply lines and ${duplicates} duplicates, ` +
        `${counts.received} received and ${counts.duplicates} duplicates counted`,
      statisticsLine,
    );
  }
}

function readFailure(line: Line): PingFailure[] {
  const remote = failure.exec(line.text)?.groups;
  const local = localFailure.exec(line.text)?.groups;
  if (/^(?:\[[\d.]+\] )?From /.test(line.text) && !remote) refuseLine(line, 'a complete line of an error');
  const reason = (remote ?? local)?.['reason'];
  if (reason === undefined) return [];
  if (isDamaged(line)) refuse('holds bytes that are no text', line);
  return [
    {
      line: line.number,
      from: remote ? addressOf(remote['from']) : null,
      sequence: remote ? wholeNumber(remote['sequence'], line) : null,
      reason,
    },
  ];
}

/** `10.1.1.1` of `host.example (10.1.1.1)`. */
function addressOf(from: string | undefined): string {
  return from?.replace(/^\S+ \((\S+)\)$/, '$1') ?? '';
}

const roundTripsFields: Fields<NonNullable<PingObservation['rtt']>> = {
  minMs: 'double',
  avgMs: 'double',
  maxMs: 'double',
  mdevMs: 'double',
};

const replyFields: Fields<PingReply> = {
  from: 'string',
  bytes: 'int',
  sequence: 'int',
  ttl: 'int',
  timeMs: 'double',
  duplicate: 'bool',
};

const failureFields: Fields<PingFailure> = { from: 'string', sequence: 'int', reason: 'string' };

const pingFields: Fields<PingObservation> = {
  destination: 'string',
  transmitted: 'int',
  received: 'int',
  errors: 'int',
  duplicates: 'int',
  lossPercent: 'double',
  timeMs: 'double',
  rtt: 'RoundTrips',
  replies: 'list<Reply>',
  failures: 'list<Failure>',
};

export const pingParser: Parser<'ping', PingObservation> = {
  name: 'ping',
  read: parsePing,
  type: 'Ping',
  types: { RoundTrips: roundTripsFields, Reply: replyFields, Failure: failureFields, Ping: pingFields },
};
