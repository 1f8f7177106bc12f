import type { Point } from '../../svg/geometry.ts';
import {
  levelAxis,
  linearScale,
  linearTicks,
  logScale,
  logTicks,
  uprightGrid,
  type PlotScale,
  type Tick,
} from '../axis.ts';
import type { Ink, PlotShape } from '../shapes.ts';
import type { SequenceRange } from './groups.ts';

export interface RttScales {
  readonly minMs: number;
  readonly maxMs: number;
  readonly logarithmic: boolean;
}

export interface Packet {
  readonly sequence: number;
  /** null for a lost one. */
  readonly timeMs: number | null;
}

/** Height in px of the lane of the lost packets, above the area of those that were answered. */
export const laneHeight = 22;
const laneGap = 10;
const areaHeight = 120;
const timeTicks = 3;
const packetTicks = 10;

/** Height of a panel (px) without what stands above and below it: a lane and an area, each where something is in it. */
export function panelHeight(packets: readonly Packet[]): number {
  const { lost, answered } = apart(packets);
  const both = lost.length > 0 && answered.length > 0;
  return (lost.length > 0 ? laneHeight : 0) + (both ? laneGap : 0) + (answered.length > 0 ? areaHeight : 0);
}

/** Upper left corner of a panel, in px, and how it is drawn. */
export interface RttPanel extends Point {
  readonly width: number;
  readonly range: SequenceRange;
  readonly scales: RttScales;
  /** Of a packet's mark, in px. */
  readonly radius: number;
  /** Only the last one's axis is labelled. */
  readonly isLast: boolean;
}

/** The packets of one series in their lane and their area, and the axis below them. */
export function drawPanel(packets: readonly Packet[], panel: RttPanel): PlotShape[] {
  const { x, y, width, range, scales, radius, isLast } = panel;
  const { lost, answered } = apart(packets);
  const bottom = y + panelHeight(packets);
  const level = linearScale([range.first - 0.5, range.last + 0.5], [0, width]);
  const mark = (ink: Ink, { sequence }: Packet, at: number): PlotShape => ({
    kind: 'packet',
    ink,
    x: x + level(sequence),
    y: at,
    radius,
  });
  const shapes = lost.map((packet) => mark('lost', packet, y + laneHeight / 2));
  if (answered.length > 0) {
    const { times, ticks } = timeScale(scales);
    const top = bottom - areaHeight;
    shapes.push(...uprightGrid(times, ticks, { x, y: top, width }));
    for (const packet of answered) shapes.push(mark('received', packet, top + times(packet.timeMs ?? 0)));
  }
  const numbers = linearTicks(level, packetTicks).filter(({ value }) => Number.isInteger(value));
  const ticks = isLast ? numbers : numbers.map(({ value }) => ({ value, label: '' }));
  return [...shapes, ...levelAxis(level, ticks, { x, y: bottom })];
}

function timeScale({ minMs, maxMs, logarithmic }: RttScales): { times: PlotScale; ticks: Tick[] } {
  const range = [areaHeight, 0] as const;
  if (logarithmic) {
    const times = logScale([minMs, maxMs], range).nice();
    return { times, ticks: logTicks(times, timeTicks) };
  }
  const times = linearScale([0, maxMs > 0 ? maxMs : 1], range).nice(timeTicks);
  return { times, ticks: linearTicks(times, timeTicks) };
}

function apart(packets: readonly Packet[]): { lost: Packet[]; answered: Packet[] } {
  return {
    lost: packets.filter(({ timeMs }) => timeMs === null),
    answered: packets.filter(({ timeMs }) => timeMs !== null),
  };
}
