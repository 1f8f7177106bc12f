import type { Axis, GroupMark, Scale, Spec, SymbolMark } from 'vega';
import { plotAxis } from '../axis.ts';
import type { Ink } from '../shapes.ts';
import type { SequenceRange } from './groups.ts';
import type { Point } from '../../svg/geometry.ts';

export interface RttScales {
  readonly minMs: number;
  readonly maxMs: number;
  readonly logarithmic: boolean;
}

export interface Packet {
  readonly sequence: number;
  /** null for a lost one. */
  readonly timeMs: number | null;
  /** Area of its mark in px². */
  readonly size: number;
}

/** Upper left corner of a panel, in px, and the packets that are drawn in it. */
export interface PanelPlace extends Point {
  readonly packets: readonly Packet[];
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

export interface RttSpec {
  readonly range: SequenceRange;
  readonly scales: RttScales;
  /** Of each panel, in px. */
  readonly width: number;
  /** Of the whole, in px. */
  readonly height: number;
}

/** All panels as one specification; only the last one's axis is labelled. */
export function rttSpec(places: readonly PanelPlace[], { range, scales, width, height }: RttSpec): Spec {
  const x: Scale = { name: 'x', type: 'linear', domain: [range.first - 0.5, range.last + 0.5], range: [0, width] };
  return {
    autosize: 'none',
    padding: 0,
    width,
    height,
    scales: [{ ...x, zero: false }, timeScale(scales)],
    marks: places.flatMap((place, index) => panel(place, index === places.length - 1)),
  };
}

function timeScale({ minMs, maxMs, logarithmic }: RttScales): Scale {
  const range = [areaHeight, 0];
  if (logarithmic) return { name: 'y', type: 'log', domain: [minMs, maxMs], nice: true, range };
  return { name: 'y', type: 'linear', domain: [0, maxMs > 0 ? maxMs : 1], nice: timeTicks, range };
}

function panel({ x, y, packets }: PanelPlace, labelled: boolean): GroupMark[] {
  const { lost, answered } = apart(packets);
  const bottom = y + panelHeight(packets);
  const groups: GroupMark[] = [];
  if (lost.length > 0) groups.push({ ...group({ x, y }), ...points(lost, 'lost', { value: laneHeight / 2 }) });
  if (answered.length > 0) {
    const area = { ...group({ x, y: bottom - areaHeight }), axes: [timeAxis] };
    groups.push({ ...area, ...points(answered, 'received', { scale: 'y', field: 'timeMs' }) });
  }
  return [...groups, { ...group({ x, y: bottom }), axes: [{ ...packetAxis, labels: labelled }] }];
}

function apart(packets: readonly Packet[]): { lost: Packet[]; answered: Packet[] } {
  return {
    lost: packets.filter(({ timeMs }) => timeMs === null),
    answered: packets.filter(({ timeMs }) => timeMs !== null),
  };
}

const timeAxis: Axis = {
  ...plotAxis,
  scale: 'y',
  orient: 'left',
  tickCount: timeTicks,
  grid: true,
  gridScale: 'x',
  domain: false,
  ticks: false,
  labelPadding: 8,
};

const packetAxis: Axis = {
  ...plotAxis,
  scale: 'x',
  orient: 'bottom',
  tickCount: packetTicks,
  tickMinStep: 1,
  format: 'd',
};

function group({ x, y }: Point): GroupMark {
  return { type: 'group', encode: { enter: { x: { value: x }, y: { value: y } } } };
}

function points(
  packets: readonly Packet[],
  ink: Ink,
  y: { readonly value: number } | { readonly scale: string; readonly field: string },
): Pick<GroupMark, 'data' | 'marks'> {
  const symbols: SymbolMark = {
    type: 'symbol',
    from: { data: 'packets' },
    encode: { enter: { x: { scale: 'x', field: 'sequence' }, y, size: { field: 'size' }, fill: { value: ink } } },
  };
  return { data: [{ name: 'packets', values: [...packets] }], marks: [symbols] };
}
