import type { PlotShape } from '../shapes.ts';
import type { ChartArea } from './area.ts';
import type { Place } from './model.ts';

/** A line to compare with: y = x, or y = a number; null: none. */
export type Reference = 'identity' | number | null;

/** The reference as far as the area goes. */
export function referenceLine(reference: Reference, area: ChartArea, x: readonly Place[]): PlotShape[] {
  if (reference === null) return [];
  const { left, width } = area;
  const style = { kind: 'line', ink: 'reference', dashed: true } as const;
  if (reference !== 'identity') {
    const y = area.y(reference);
    return [
      {
        ...style,
        points: [
          { x: left, y },
          { x: left + width, y },
        ],
      },
    ];
  }
  const numbers = x.flatMap((place) => (typeof place === 'number' ? [place] : []));
  if (numbers.length === 0) return [];
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  const within = clip(from, to, area);
  return within.length < 2
    ? []
    : [{ ...style, points: within.map((value) => ({ x: area.places.at(value), y: area.y(value) })) }];
}

/** The part of y = x whose points lie in the area, by a search for its ends: the scales need not be linear. */
function clip(from: number, to: number, { y, top, height }: ChartArea): number[] {
  const [low, high] = [top, top + height];
  const isIn = (value: number): boolean => Number.isFinite(y(value)) && y(value) >= low && y(value) <= high;
  const steps = 200;
  const values = Array.from({ length: steps + 1 }, (_, index) => from + ((to - from) * index) / steps).filter(isIn);
  const [first, last] = [values[0], values.at(-1)];
  return first === undefined || last === undefined || first === last ? [] : [first, last];
}
