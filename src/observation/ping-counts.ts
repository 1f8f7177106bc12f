import { refuse, refuseLine, wholeNumber, type Line } from './reading.ts';
import type { PingObservation } from './types.ts';

/** iputils: `ping_print_finish` in ping_output.c, `finish` in ping_common.c before 2025. */
const statistics =
  /^(?<transmitted>\d+) packets transmitted, (?<received>\d+) received(?:, \+(?<duplicates>\d+) duplicates)?(?:, \+\d+ corrupted)?(?:, \+(?<errors>\d+) errors)?, (?<loss>\d+(?:\.\d+)?)% packet loss, time (?<time>\d+)ms$/;
const roundTrips =
  /^rtt min\/avg\/max\/mdev = (?<min>\d+\.\d+)\/(?<avg>\d+\.\d+)\/(?<max>\d+\.\d+)\/(?<mdev>\d+\.\d+) ms(?:, pipe \d+)?(?:, ipg\/ewma \S+ ms)?$/;
const looksLikeRoundTrips = /min\/avg\/max/;
/** LONG_MAX or INT_MAX microseconds stand for the smallest time before there is one: `tmin` in ping_common. */
const longestMs = 2_147_483;

/**
 * busybox: `print_stats_and_exit` in networking/ping.c; GNU inetutils: `ping_finish` in ping/ping.c, which puts a + before
 * the duplicates, and `echo_finish` in ping/ping_echo.c, which adds the standard deviation. BSD has one decimal of the loss.
 */
const otherStatistics =
  /^(?<transmitted>\d+) packets transmitted, (?<received>\d+) packets received, (?:\+?(?<duplicates>\d+) duplicates, )?(?<loss>\d+(?:\.\d)?)% packet loss$/;
const otherRoundTrips =
  /^round-trip min\/avg\/max(?<deviates>\/(?:stddev|std-dev))? = (?<min>\d+\.\d+)\/(?<avg>\d+\.\d+)\/(?<max>\d+\.\d+)(?:\/(?<mdev>\d+\.\d+))? ms$/;

export type Counts = Pick<
  PingObservation,
  'transmitted' | 'received' | 'errors' | 'duplicates' | 'lossPercent' | 'timeMs'
>;

/** The others (busybox, GNU inetutils, BSD) print no wall time; and they count packets from 0. */
export function isIputils({ timeMs }: Pick<Counts, 'timeMs'>): boolean {
  return timeMs !== null;
}

export function readCounts(line: Line): Counts {
  const found = (statistics.exec(line.text) ?? otherStatistics.exec(line.text))?.groups;
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
  // iputils to 2019, busybox and inetutils cut the decimals off; later iputils print a C float with %g, which is six
  // digits; BSD prints one.
  const printable = [Math.trunc(exact), Number(Math.fround(exact).toPrecision(6)), Number(exact.toFixed(1))];
  if (!printable.includes(lossPercent)) {
    refuse(`contradicts itself: ${lossPercent}% loss, ${received} received of ${transmitted} transmitted`, line);
  }
}

/**
 * The line below the statistics. iputils always prints one, if only an empty one, and its absence means that the
 * capture was cut off; the others print one only where something was received.
 */
export function readRoundTrips(
  lines: readonly Line[],
  statisticsLine: Line,
  counts: Counts,
  isTimed: boolean,
): PingObservation['rtt'] {
  const stray = lines.find((line) => looksLikeRoundTrips.test(line.text) && line.number !== statisticsLine.number + 1);
  if (stray) refuse('round-trip times that do not follow the statistics', stray);
  const isExpected = isTimed && counts.received > 0;
  const line = lines[statisticsLine.number];
  if (!line && (isExpected || isIputils(counts))) refuse('cut off after the statistics line', statisticsLine);
  if (!line || (!isExpected && !looksLikeRoundTrips.test(line.text))) return null;
  const found = (isIputils(counts) ? roundTrips : otherRoundTrips).exec(line.text)?.groups;
  const isWhole =
    found !== undefined && (isIputils(counts) || (found['deviates'] === undefined) === (found['mdev'] === undefined));
  if (!isWhole) return refuseLine(line, 'a complete line of round-trip times');
  if (!isExpected) refuse('contradicts itself: round-trip times of what was not received or not timed', line);
  const [minMs, avgMs, maxMs] = [Number(found['min']), Number(found['avg']), Number(found['max'])];
  // Every reply was truncated, and with it the time of sending: the smallest time is still what it was before the first.
  if (minMs > longestMs && avgMs === 0 && maxMs === 0) return null;
  if (minMs > avgMs || avgMs > maxMs) refuse('contradicts itself: an average outside its minimum and maximum', line);
  const mdev = found['mdev'];
  return { line: line.number, minMs, avgMs, maxMs, mdevMs: mdev === undefined ? null : Number(mdev) };
}
