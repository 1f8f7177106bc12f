import type { Curve } from '../figure/kinds/kind.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import { numberText } from '../core/number-text.ts';
import type { Figure } from '../study/schema.ts';
import { compareCurves, placeText } from './curves.ts';
import type { Findings } from './findings.ts';
import { numberSources } from './judge-curve.ts';
import type { DifferenceLine, Likeness } from './lines.ts';

/** How what a figure shows of measures stands in two runs, and the points that are not the same. */
export interface MeasuredComparison {
  readonly likeness: Likeness;
  readonly differences: readonly DifferenceLine[];
}

/** More points than this are counted, and not told. */
const mostPoints = 20;

/**
 * Compares the curves of a figure in two runs: point by point and, where they are not the same, by the rules of the figure, which
 * may make them equivalent. null: one of the runs lacks a value, or the figure has no curves.
 */
export function compareMeasured(figure: Figure, a: Findings, b: Findings): MeasuredComparison | null {
  const [one, other] = [a, b].map(({ court }) => kindOf(figure).curves?.(figure, numberSources(court)));
  if (one === undefined || other === undefined || 'lacks' in one || 'lacks' in other) return null;
  const lines = differingPoints(one, other);
  if (lines.length === 0) return { likeness: 'same', differences: [] };
  const rules = figure.shows?.rule ?? [];
  const state = rules.length === 0 ? 'different' : compareCurves(one, other, rules)?.state;
  const differences = lines.slice(0, mostPoints).flat();
  const more = lines.length - mostPoints;
  return {
    likeness: state === undefined || state === 'same' ? 'different' : state,
    differences: more > 0 ? [...differences, { side: 'gap', text: String(more) }] : differences,
  };
}

/** The lines of each point that is not the same in both. */
function differingPoints(a: readonly Curve[], b: readonly Curve[]): DifferenceLine[][] {
  const [inA, inB] = [valuesOf(a), valuesOf(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])].flatMap((place): DifferenceLine[][] => {
    const [own, other] = [inA.get(place), inB.get(place)];
    if (own === other) return [];
    return [[...lineOf('expected', place, own), ...lineOf('observed', place, other)]];
  });
}

function valuesOf(curves: readonly Curve[]): Map<string, number> {
  return new Map(
    curves.flatMap(({ name, points }) =>
      points.map(([x, y]) => [[...(name === null ? [] : [name]), `x = ${placeText(x)}`].join(', '), y] as const),
    ),
  );
}

function lineOf(side: 'expected' | 'observed', place: string, value: number | undefined): DifferenceLine[] {
  return value === undefined ? [] : [{ side, text: `${place}: ${numberText(value)}` }];
}
