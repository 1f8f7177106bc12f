import type { RttReply, RttSeries } from './series.ts';

/** Sequence numbers, both included. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** Packets with neighbouring numbers. */
export interface PacketGroup extends SequenceRange {
  readonly replies: readonly RttReply[];
  readonly lost: readonly number[];
}

/** From the lowest to the highest number of all series; null where there is none. */
export function sequencesOf(series: readonly RttSeries[]): SequenceRange | null {
  let [first, last] = [Infinity, -Infinity];
  const take = (sequence: number): void => {
    first = Math.min(first, sequence);
    last = Math.max(last, sequence);
  };
  for (const { replies, lost } of series) {
    for (const { sequence } of replies) take(sequence);
    lost.forEach(take);
  }
  return first <= last ? { first, last } : null;
}

/** How many neighbouring numbers go together, so that the range has no more than `most` groups. */
export function groupSize({ first, last }: SequenceRange, most: number): number {
  return Math.ceil((last - first + 1) / most);
}

/** The packets of a series in groups of `every` numbers, counted from the first of the range; without empty groups. */
export function groupPackets({ replies, lost }: RttSeries, range: SequenceRange, every: number): PacketGroup[] {
  const groups = new Map<number, { replies: RttReply[]; lost: number[] }>();
  const groupOf = (sequence: number): { replies: RttReply[]; lost: number[] } => {
    const index = Math.floor((sequence - range.first) / every);
    const group = groups.get(index) ?? { replies: [], lost: [] };
    groups.set(index, group);
    return group;
  };
  for (const reply of replies) groupOf(reply.sequence).replies.push(reply);
  for (const sequence of lost) groupOf(sequence).lost.push(sequence);
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([index, group]) => {
      const first = range.first + index * every;
      return { ...group, first, last: Math.min(first + every - 1, range.last) };
    });
}
