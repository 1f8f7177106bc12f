import { numberText } from '../core/number-text.ts';
import type { Curve } from '../figure/kinds/kind.ts';
import type { CurvePoints, CurveRule } from '../study/curve-schema.ts';
import { judgeRule, type CurvePoint, type RuleVerdict } from './curve-rules.ts';
import { samplesOf } from './curve-samples.ts';
import type { DifferenceLine, Likeness } from './lines.ts';

/** What the paper's curve is compared by, and how that came out. */
export interface CurveVerdict {
  readonly rules: readonly RuleVerdict[];
  /** How many of the paper's points we have a value for, and how many not. */
  readonly compared: number;
  readonly outside: number;
}

export interface CurveComparison extends CurveVerdict {
  readonly state: Likeness;
  /** Where it is different: the points that decide. */
  readonly differences: readonly DifferenceLine[];
}

/**
 * Compares our curves with the paper's: the same where each point is, equivalent where every rule holds. null: we have no value
 * for any of the paper's points.
 */
export function compareCurves(
  paper: readonly Curve[],
  ours: readonly Curve[],
  rules: readonly CurveRule[],
): CurveComparison | null {
  const { samples, outside } = samplesOf(paper, ours);
  if (samples.length === 0) return null;
  const verdicts = rules.map((rule) => judgeRule(rule, samples, ours));
  const broken = verdicts.filter(({ holds }) => !holds);
  const isSame = outside === 0 && samples.every(({ paper: expected, ours: own }) => expected === own);
  return {
    state: broken.length > 0 ? 'different' : isSame ? 'same' : 'equivalent',
    differences: broken.flatMap(({ at }) => at.flatMap(differenceLines)),
    rules: verdicts,
    compared: samples.length,
    outside,
  };
}

function differenceLines({ series, x, paper, ours }: CurvePoint): DifferenceLine[] {
  const where = [...(series === null ? [] : [series]), `x = ${placeText(x)}`].join(', ');
  return [
    ...(paper === null ? [] : [{ side: 'expected', text: `${where}: ${numberText(paper)}` } as const]),
    { side: 'observed', text: ours === null ? where : `${where}: ${numberText(ours)}` },
  ];
}

export function placeText(x: number | string): string {
  return typeof x === 'number' ? numberText(x) : x;
}

/** A study's points of a figure as curves. */
export function curvesOf(points: CurvePoints): Curve[] {
  if (Array.isArray(points)) return [{ name: null, points }];
  return Object.entries(points).map(([name, own]) => ({ name, points: own }));
}
