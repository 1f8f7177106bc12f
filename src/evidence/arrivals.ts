/**
 * When the pieces of a journal arrived at the host, `journal/EXPERIMENT.arrivals`. The first line is
 * `refigure-arrivals 1`; each that follows is
 *     OFFSET MS
 * The bytes of the journal from OFFSET on, up to the OFFSET of the next line or to the end, arrived MS ms after the
 * experiment began, by the host's monotonic clock; of a sealed guest whose clock is virtual, they were printed MS ms after the
 * journal's first byte, by that clock. Both numbers grow. What arrives shortly after a line has none of its
 * own (src/run/arrival-log.ts), so a time may be a few ms early.
 */
export interface Arrival {
  readonly offset: number;
  readonly ms: number;
}

export const arrivalsHeader = 'refigure-arrivals 1\n';

export function arrivalLine({ offset, ms }: Arrival): string {
  return `${offset} ${ms}\n`;
}

/** Never throws: a line that was cut off or damaged is left out. */
export function readArrivals(text: string): Arrival[] {
  if (!text.startsWith(arrivalsHeader)) return [];
  const arrivals: Arrival[] = [];
  for (const line of text.slice(arrivalsHeader.length).split('\n').slice(0, -1)) {
    const [, offset, ms] = /^(\d{1,15}) (\d{1,15})$/.exec(line) ?? [];
    const arrival = { offset: Number(offset), ms: Number(ms) };
    const last = arrivals.at(-1);
    if (arrival.offset > (last?.offset ?? -1) && arrival.ms >= (last?.ms ?? 0)) arrivals.push(arrival);
  }
  return arrivals;
}

/** The index of the line that tells of a byte of the journal; -1 where none does. */
export function arrivalIndex(arrivals: readonly Arrival[], offset: number): number {
  let [low, high] = [0, arrivals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((arrivals[middle]?.offset ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
