import { isMulticast, isUnspecified, mayBeBroadcast, sameAddress } from './ip-address.ts';
import { isIputils, type Counts } from './ping-counts.ts';
import type { PingHeader } from './ping-header.ts';
import { isAdvice, type Replies } from './ping-replies.ts';
import { refuse, type Line } from './reading.ts';
import type { PingFailure, PingObservation, PingReply } from './types.ts';

/** A ping in its parts, before it is known that they fit each other. */
export interface PingParts {
  readonly lines: readonly Line[];
  readonly header: PingHeader;
  readonly statistics: Line;
  readonly counts: Counts;
  readonly rtt: PingObservation['rtt'];
  readonly replies: Replies;
  /** A router's advice among them. */
  readonly failures: readonly PingFailure[];
  /** How many lines could not be read, each of which may be a reply or an error. */
  readonly unread: number;
}

/** Refuses what no ping prints: replies, errors and times that contradict the header or the statistics. */
export function checkParts(parts: PingParts): void {
  checkReplyCount(parts);
  checkErrorCount(parts);
  for (const reply of parts.replies.replies) {
    checkResponder(reply, parts);
    checkNumbers(reply, parts);
    checkTime(reply, parts);
  }
  for (const { line, sequence } of parts.failures) {
    if (sequence !== null) checkSequence(sequence, lineAt(parts, line), parts.counts);
  }
}

function lineAt({ lines }: PingParts, number: number): Line | null {
  return lines[number - 1] ?? null;
}

/** With -q and -f ping prints no reply lines; otherwise it prints one for each reply that it counts. */
function checkReplyCount({ replies: { replies, corrupted }, counts, statistics, unread }: PingParts): void {
  if (replies.length + corrupted + unread === 0) return;
  const duplicates = replies.filter((one) => one.duplicate).length;
  const firsts = replies.length - duplicates;
  // Whether a reply is a duplicate may hang on one that is not read; so none of those may be a duplicate.
  const isShort = firsts > counts.received || firsts + unread < counts.received;
  if (isShort || duplicates !== counts.duplicates) {
    refuse(
      `contradicts itself: ${firsts} reply lines and ${duplicates} duplicates, ` +
        `${counts.received} received and ${counts.duplicates} duplicates counted`,
      statistics,
    );
  }
}

/** iputils counts the errors whose lines it prints; of those that it counts, it prints all but with -q and -f. */
function checkErrorCount({ replies: { replies }, counts, failures, statistics, unread }: PingParts): void {
  if (!isIputils(counts)) return;
  const printed = failures.filter((failure) => failure.from !== null && !isAdvice(failure)).length;
  if (printed > counts.errors) {
    refuse(`contradicts itself: ${printed} lines of errors, ${counts.errors} errors counted`, statistics);
  }
  // Errors of ping's own go to standard error, which may be kept apart; but then a packet was not sent, or not answered.
  if (replies.length > 0 && counts.received === counts.transmitted && counts.errors > failures.length + unread) {
    refuse(`contradicts itself: ${counts.errors} errors, and every packet was answered`, statistics);
  }
}

/**
 * One address answers for itself; many may answer a broadcast, and a multicast. iputils says `(DIFFERENT ADDRESS!)` of
 * an answer from elsewhere since 2021; of one that nothing is said of, it can't be told from a damaged line.
 */
function checkResponder(reply: PingReply, parts: PingParts): void {
  const asked = parts.header.address;
  if (sameAddress(reply.from, asked) || reply.remark?.includes('DIFFERENT ADDRESS') === true) return;
  if (isMulticast(asked) || isUnspecified(asked) || mayBeBroadcast(asked)) return;
  refuse(`contradicts itself: ${reply.from} answers, and ${asked} was asked`, lineAt(parts, reply.line));
}

function checkNumbers({ line: number, sequence, ttl, bytes, remark }: PingReply, parts: PingParts): void {
  const line = lineAt(parts, number);
  checkSequence(sequence, line, parts.counts);
  if (ttl < 1 || ttl > 255) refuse(`holds a time to live that no packet has: ${ttl}`, line);
  const sent = parts.header.payloadBytes + 8;
  const isTruncated = remark?.includes('truncated') === true && bytes < sent;
  if (bytes !== sent && !isTruncated) refuse(`contradicts itself: a reply of ${bytes} bytes to one of ${sent}`, line);
}

/** The numbers that fit into a packet; after the last one they begin anew. */
const sequenceNumbers = 2 ** 16;

/** iputils counts the packets from 1, the others from 0. */
function checkSequence(sequence: number, line: Line | null, counts: Counts): void {
  const first = isIputils(counts) ? 1 : 0;
  const isSent =
    counts.transmitted >= sequenceNumbers - first
      ? sequence < sequenceNumbers
      : sequence >= first && sequence < first + counts.transmitted;
  if (!isSent) refuse(`contradicts itself: packet ${sequence} of ${counts.transmitted} transmitted`, line);
}

/** Times are printed with three digits, cut off or rounded by the version of ping; the statistics with microseconds. */
function checkTime({ line: number, timeMs }: PingReply, parts: PingParts): void {
  const { rtt } = parts;
  if (timeMs === null || rtt === null) return;
  const line = lineAt(parts, number);
  const decimals = /time=\d+(?:\.(\d+))? ms/.exec(line?.text ?? '')?.[1]?.length ?? 0;
  // The half more is for binary fractions.
  const rounding = 1.5 * 10 ** -decimals;
  if (timeMs < rtt.minMs - rounding || timeMs > rtt.maxMs + rounding) {
    refuse(`contradicts itself: ${timeMs} ms, and the statistics go from ${rtt.minMs} to ${rtt.maxMs} ms`, line);
  }
}
