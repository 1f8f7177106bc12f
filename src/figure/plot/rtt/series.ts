import type { PingObservation } from '../../../observation/types.ts';

/** The packets of one ping: those that were answered, with their round-trip times, and those that were not. */
export interface RttSeries {
  readonly label: string;
  readonly replies: readonly RttReply[];
  /** Sequence numbers (icmp_seq) of the packets without an answer. */
  readonly lost: readonly number[];
}

export interface RttReply {
  readonly sequence: number;
  readonly timeMs: number;
}

/** Times from here on (11 days) are not drawn. */
const longestMs = 1e9;
/** icmp_seq has 16 bits: after so many packets the numbers begin again. */
const sequenceNumbers = 65_536;

/**
 * The packets of a ping. Lost are those that were sent and have no reply line of their own: numbers from 1 in iputils,
 * from 0 in busybox (which alone prints no time of its own). A packet's first answer counts, not its duplicates.
 * null where the capture does not tell packets apart: no reply lines (`-q`, `-f`), replies without times (`-s 8`), a
 * number out of the range that was sent, or more packets than numbers.
 */
export function rttSeries(label: string, ping: PingObservation): RttSeries | null {
  const { transmitted, received } = ping;
  const first = ping.timeMs === null ? 0 : 1;
  const firsts = ping.replies.filter(({ duplicate }) => !duplicate);
  const replies = firsts.flatMap(({ sequence, timeMs }) => (timeMs === null ? [] : [{ sequence, timeMs }]));
  const outOfRange = replies.some(
    ({ sequence, timeMs }) => sequence < first || sequence >= first + transmitted || timeMs >= longestMs,
  );
  if (replies.length !== received || outOfRange || transmitted > sequenceNumbers - first) return null;
  const answered = new Set(replies.map(({ sequence }) => sequence));
  const lost = Array.from({ length: transmitted }, (_, index) => first + index).filter((one) => !answered.has(one));
  return { label, replies, lost };
}

/** Throws a RangeError where a sequence number has not 16 bits, or a time is not from 0 to below 10^9 ms. */
export function checkSeries({ label, replies, lost }: RttSeries): void {
  const sequences = [...replies.map(({ sequence }) => sequence), ...lost];
  const odd =
    sequences.find((sequence) => !Number.isInteger(sequence) || sequence < 0 || sequence >= sequenceNumbers) ??
    replies.find(({ timeMs }) => !(timeMs >= 0 && timeMs < longestMs))?.timeMs;
  if (odd !== undefined) throw new RangeError(`neither a packet nor its time in ${label}: ${odd}`);
}
