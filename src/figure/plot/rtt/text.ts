import { median, quantile } from '../../../core/statistics.ts';
import type { ClockKind } from '../../../core/guest.ts';
import type { FigureLabels } from '../../labels.ts';
import { alignedTable } from '../table.ts';
import { printable } from '../../svg/document.ts';
import { groupPackets, groupSize, sequencesOf, type PacketGroup } from './groups.ts';
import type { RttReply, RttSeries } from './series.ts';

/** Rows of the table of one series; of more packets, neighbours share a row. */
const mostRows = 40;
/** ping prints no more than three; whatever comes from elsewhere is rounded to six. */
const mostDecimals = 6;

/**
 * All series in words and numbers: for each a line that sums it up, then a table with a row for each packet, or, of
 * more than 40, for each group of neighbours.
 */
export function rttText(series: readonly RttSeries[], labels: FigureLabels, clock: ClockKind): string {
  const range = sequencesOf(series);
  if (range === null) return labels.nothingObserved;
  const every = groupSize(range, mostRows);
  const blocks = series.map((one) => {
    const groups = groupPackets(one, range, every);
    const table = every === 1 ? packetTable(groups, labels) : groupTable(groups, labels);
    return [printable(`${one.label}: ${summary(one, labels)}`), ...(groups.length === 0 ? [] : table)];
  });
  const head = clock === 'virtual' ? [[labels.countedTimes]] : [];
  return [...head, ...blocks].map((lines) => lines.join('\n')).join('\n\n');
}

/** How many packets of a series were answered, and in what time. */
export function summary({ replies, lost }: RttSeries, labels: FigureLabels): string {
  const counts = labels.receivedOf(replies.length, replies.length + lost.length);
  if (replies.length === 0) return counts;
  const decimals = decimalsOf(replies);
  const [min = '', middle = '', max = ''] = spread(replies).map((timeMs) => timeMs.toFixed(decimals));
  return labels.rttSummary(counts, min, middle, max);
}

function packetTable(groups: readonly PacketGroup[], labels: FigureLabels): string[] {
  const decimals = decimalsOf(groups.flatMap(({ replies }) => replies));
  const rows = groups.flatMap(({ replies, lost }) => [
    ...replies.map(({ sequence, timeMs }) => [String(sequence), timeMs.toFixed(decimals)]),
    ...lost.map((sequence) => [String(sequence), labels.lost]),
  ]);
  return alignedTable([[labels.packet, labels.rttMs], ...rows]);
}

function groupTable(groups: readonly PacketGroup[], labels: FigureLabels): string[] {
  const decimals = decimalsOf(groups.flatMap(({ replies }) => replies));
  const head = [labels.packet, labels.received, labels.lost, ...labels.spread.map((word) => `${word} (ms)`)];
  const rows = groups.map(({ first, last, replies, lost }) => [
    first === last ? String(first) : `${first}–${last}`,
    String(replies.length),
    String(lost.length),
    ...(replies.length === 0 ? ['–', '–', '–'] : spread(replies).map((timeMs) => timeMs.toFixed(decimals))),
  ]);
  return alignedTable([head, ...rows]);
}

/** Minimum, median and maximum of n ≥ 1 times. */
function spread(replies: readonly RttReply[]): [number, number, number] {
  const times = replies.map(({ timeMs }) => timeMs);
  return [quantile(times, 0), median(times), quantile(times, 1)];
}

/** As many decimals as the time with the most of them has. */
function decimalsOf(replies: readonly RttReply[]): number {
  const decimals = replies.map(({ timeMs }) => (/\.(\d+)$/.exec(String(timeMs))?.[1] ?? '').length);
  return decimals.reduce((most, count) => Math.min(mostDecimals, Math.max(most, count)), 0);
}
