import type { Fields, Parser } from './parser.ts';
import { checkParts } from './ping-checks.ts';
import { isIputils, readCounts, readRoundTrips, type Counts } from './ping-counts.ts';
import { readHeader, type PingHeader } from './ping-header.ts';
import { addUnknown, isAdvice, isLocalFailure, readFailure, readReplies, tellsSockets } from './ping-replies.ts';
import { isDamaged, reading, refuse, refuseLine, type Line } from './reading.ts';
import type { PingFailure, PingObservation, PingReply, Reading } from './types.ts';

/** A flood of inetutils, which draws and rubs out dots, ends in this line; a terminal may echo the ^C that ended the ping. */
const title = /^(?:\^C|[. \x08]*)--- (\S+) ping6? statistics ---$/;
const looksLikeStatistics = /packets transmitted/;

/**
 * Without room for the time of sending, replies are not timed: a `struct timeval`, of 8 bytes where the processor has 32 bits
 * and 16 elsewhere, but 4 bytes in busybox.
 */
const timedFromBytes = { busybox: 4, shortIputils: 8, others: 16 };

/**
 * Reads what `ping`(8) of iputils, busybox and GNU inetutils printed. Refused: a capture without its statistics (ping was killed, could not start, or the
 * capture was cut off, be it by one byte), one that holds the output of two pings, and one whose parts contradict each
 * other: see ping-checks.ts.
 */
export function parsePing(text: string): Reading<PingObservation> {
  // With -a each reply rings.
  return reading(text.replaceAll('\x07', ''), (lines, unread) => {
    const { header, title: titleLine, statistics } = findFrame(lines);
    const counts = readCounts(statistics);
    const isTimed = areTimed(lines, header, counts);
    const parts = {
      lines,
      header,
      statistics,
      counts,
      rtt: readRoundTrips(lines, statistics, counts, isTimed),
      replies: readReplies(lines, { first: header.line, last: titleLine, isTimed }, unread),
      // Errors of ping's own come by another channel than the rest, and so may stand before the header.
      failures: lines
        .slice(0, titleLine.number - 1)
        .flatMap((line) => unread.attempt(line, () => readFailure(line)) ?? []),
    };
    addUnknown(lines.slice(header.line.number, titleLine.number - 1), unread);
    checkParts({ ...parts, unread: unread.size });
    const { replies } = parts.replies;
    return {
      kind: 'ping',
      line: statistics.number,
      destination: header.host,
      address: header.address,
      source: header.source,
      payloadBytes: header.payloadBytes,
      ...counts,
      rtt: parts.rtt,
      ...answersIn(replies),
      replies,
      failures: parts.failures.filter((each) => !isAdvice(each)),
    };
  });
}

/**
 * Between the bounds busybox times, inetutils does not, and iputils does on some processors; nothing but the replies tells one
 * from the other, or the statistics where no reply is printed.
 */
function areTimed(lines: readonly Line[], { payloadBytes }: PingHeader, counts: Counts): boolean {
  if (payloadBytes >= timedFromBytes.others) return true;
  if (payloadBytes < (isIputils(counts) ? timedFromBytes.shortIputils : timedFromBytes.busybox)) return false;
  const replies = lines.filter(({ text }) => text.includes(' bytes from ') && text.includes(' ttl='));
  if (replies.length > 0) return replies.some(({ text }) => text.includes(' time='));
  return !isIputils(counts) || lines.some(({ text }) => text.startsWith('rtt '));
}

type Answers = Pick<PingObservation, 'responders' | 'sequences' | 'remarks'>;

function answersIn(replies: readonly PingReply[]): Answers {
  return {
    responders: [...new Set(replies.map(({ from }) => from))],
    sequences: [...new Set(replies.map(({ sequence }) => sequence))].sort((a, b) => a - b),
    remarks: [...new Set(replies.flatMap(({ remark }) => (remark === null ? [] : [remark])))],
  };
}

interface Frame {
  readonly header: PingHeader;
  readonly title: Line;
  readonly statistics: Line;
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
  const header = readHeader(headerLine);
  const destination = title.exec(titleLine.text)?.[1] ?? '';
  if (header.host !== destination) {
    refuse(`the statistics are those of ${destination}, the ping that of ${header.host}`, titleLine);
  }
  return { header, title: titleLine, statistics: statisticsLine };
}

function only(lines: readonly Line[], isOne: (line: Line) => boolean, what: string): Line | null {
  const [first, second] = lines.filter(isOne);
  if (second) refuse(`more than one ping's ${what}`, second);
  return first ?? null;
}

function refuseUnfinished(lines: readonly Line[]): never {
  // ping: …, connect: Network is unreachable, ping: unknown host …: the last thing that it said is why it ended.
  const said = lines.findLast(
    (line) => !isDamaged(line) && (isLocalFailure(line) || line.text.startsWith('connect: ')),
  );
  if (said) refuse(said.text, said);
  const [first] = lines.filter((line) => !tellsSockets(line));
  if (first && !lines.some(({ text }) => text.startsWith('PING '))) refuseLine(first, 'the first line of a ping');
  return refuse('no statistics: ping was killed, or the capture was cut off', lines.at(-1) ?? null);
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
  remark: 'string',
};

const failureFields: Fields<PingFailure> = { from: 'string', sequence: 'int', reason: 'string' };

const pingFields: Fields<PingObservation> = {
  destination: 'string',
  address: 'string',
  source: 'string',
  payloadBytes: 'int',
  transmitted: 'int',
  received: 'int',
  errors: 'int',
  duplicates: 'int',
  lossPercent: 'double',
  timeMs: 'double',
  rtt: 'RoundTrips',
  responders: 'list<string>',
  sequences: 'list<int>',
  remarks: 'list<string>',
  replies: 'list<Reply>',
  failures: 'list<Failure>',
};

export const pingParser: Parser<'ping', PingObservation> = {
  name: 'ping',
  read: parsePing,
  type: 'Ping',
  types: { RoundTrips: roundTripsFields, Reply: replyFields, Failure: failureFields, Ping: pingFields },
};
