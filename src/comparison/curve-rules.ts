import type { Curve } from '../figure/kinds/kind.ts';
import type { CurveRule } from '../study/curve-schema.ts';
import { samplesOf, type Sample } from './curve-samples.ts';

/** How a rule came out, and where that was decided. */
export interface RuleVerdict {
  readonly rule: CurveRule;
  readonly holds: boolean;
  /** The points that decide: those that break it or, where it holds, those that come nearest to that. */
  readonly at: readonly CurvePoint[];
}

/** A place in a figure, with what the paper has there and what we have; null: nothing. */
export interface CurvePoint {
  readonly series: string | null;
  readonly x: number | string;
  readonly paper: number | null;
  readonly ours: number | null;
}

/** `samples`: of the paper's points those that we have a value for; one at least. */
export function judgeRule(rule: CurveRule, samples: readonly Sample[], ours: readonly Curve[]): RuleVerdict {
  if (rule === 'order') return judgeOrder(samples);
  if (rule === 'sign')
    return judgeEach(rule, samples, ({ paper, ours: own }) => (Math.sign(paper) === Math.sign(own) ? 0 : 2));
  if ('tolerance' in rule) return judgeEach(rule, samples, (sample) => excess(sample, rule.tolerance));
  if ('monotone' in rule) return judgeMonotone(rule, ours);
  const names = [...new Set(samples.map(({ series }) => series))];
  const pairs = pairsOf(samples, names);
  return 'ratio' in rule ? judgeRatio(rule, pairs) : judgeCrossing(rule, ours, names);
}

/** How far each sample is off: up to 1 it is within the rule. The farthest decides. */
function judgeEach(rule: CurveRule, samples: readonly Sample[], off: (sample: Sample) => number): RuleVerdict {
  const [worst] = samples.toSorted((a, b) => off(b) - off(a));
  return { rule, holds: worst !== undefined && off(worst) <= 1 + hair, at: worst === undefined ? [] : [worst] };
}

/** What is computed of decimals may be off by so much. */
const hair = 1e-9;

function excess({ paper, ours }: Sample, tolerance: string | number): number {
  const allowed = typeof tolerance === 'number' ? tolerance : (Math.abs(paper) * parseFloat(tolerance)) / 100;
  const off = Math.abs(ours - paper);
  return off === 0 ? 0 : off / allowed;
}

/** Two series at one place. */
type Pair = readonly [Sample, Sample];

function pairsOf(samples: readonly Sample[], [first, second]: readonly (string | null)[]): Pair[] {
  return samples.flatMap((one): Pair[] => {
    const other = samples.find(({ series, x }) => series === second && x === one.x);
    return one.series === first && other !== undefined ? [[one, other]] : [];
  });
}

/** Pairs that the paper has level say nothing of ours. */
function judgeOrder(samples: readonly Sample[]): RuleVerdict {
  const rule = 'order';
  const pairs = samples.flatMap((one, index) =>
    samples
      .slice(index + 1)
      .flatMap((other): Pair[] => (other.x === one.x && other.paper !== one.paper ? [[one, other]] : [])),
  );
  const broken = pairs.find(([a, b]) => Math.sign(a.ours - b.ours) !== Math.sign(a.paper - b.paper));
  const [closest] = pairs.toSorted((a, b) => distance(a) - distance(b));
  return { rule, holds: broken === undefined && pairs.length > 0, at: broken ?? closest ?? [] };
}

function distance([a, b]: Pair): number {
  return Math.abs(a.ours - b.ours);
}

function judgeRatio(rule: Extract<CurveRule, { ratio: unknown }>, pairs: readonly Pair[]): RuleVerdict {
  const ratioOf = ([a, b]: Pair): number => (b.ours === 0 ? (a.ours > 0 ? Infinity : 0) : a.ours / b.ours);
  const [least] = pairs.toSorted((a, b) => ratioOf(a) - ratioOf(b));
  return { rule, holds: least !== undefined && ratioOf(least) >= rule.ratio, at: least ?? [] };
}

function judgeMonotone(rule: Extract<CurveRule, { monotone: unknown }>, ours: readonly Curve[]): RuleVerdict {
  const way = rule.monotone === 'rising' ? 1 : -1;
  const steps = ours.flatMap(({ name, points }) =>
    points.slice(1).map(([x, y], index) => {
      const [from, before] = points[index] ?? [x, y];
      return { gain: way * (y - before), at: [pointOf(name, from, before), pointOf(name, x, y)] };
    }),
  );
  const [least] = steps.toSorted((a, b) => a.gain - b.gain);
  return { rule, holds: least !== undefined && least.gain >= 0, at: least?.at ?? [] };
}

function pointOf(series: string | null, x: number | string, ours: number): CurvePoint {
  return { series, x, paper: null, ours };
}

/** Where the difference of two curves of ours changes its sign: of steps at a place of theirs, else on straight lines between their points. */
function judgeCrossing(
  rule: Extract<CurveRule, { crossing: unknown }>,
  ours: readonly Curve[],
  [first, second]: readonly (string | null)[],
): RuleVerdict {
  const [low, high] = rule.crossing;
  const crossings = crossingsOf(ours, first ?? null, second ?? null);
  const within = crossings.find((x) => x >= low && x <= high);
  const nearest = crossings.toSorted((a, b) => outside(a, low, high) - outside(b, low, high))[0];
  const x = within ?? nearest;
  return {
    rule,
    holds: within !== undefined,
    at: x === undefined ? [] : [{ series: null, x, paper: null, ours: null }],
  };
}

function outside(x: number, low: number, high: number): number {
  return Math.max(low - x, x - high, 0);
}

function crossingsOf(ours: readonly Curve[], first: string | null, second: string | null): number[] {
  const one = ours.find(({ name }) => name === first);
  const other = ours.find(({ name }) => name === second);
  if (one === undefined || other === undefined) return [];
  const places = [...one.points, ...other.points].flatMap(([x]) => (typeof x === 'number' ? [x] : []));
  const gaps = [...new Set(places)]
    .sort((a, b) => a - b)
    .flatMap((x) => {
      const [a] = samplesOf([{ name: first, points: [[x, 0]] }], [one]).samples;
      const [b] = samplesOf([{ name: second, points: [[x, 0]] }], [other]).samples;
      return a === undefined || b === undefined ? [] : [{ x, gap: a.ours - b.ours }];
    });
  return one.between === 'steps' ? stepCrossings(gaps) : lineCrossings(gaps);
}

interface Gap {
  readonly x: number;
  readonly gap: number;
}

/** Steps cross where the other one comes to be above; that they are level, as two distributions are in the end, is no crossing. */
function stepCrossings(gaps: readonly Gap[]): number[] {
  const apart = gaps.filter(({ gap }) => gap !== 0);
  return apart.flatMap(({ x, gap }, index) => {
    const before = apart[index - 1];
    return before !== undefined && Math.sign(before.gap) !== Math.sign(gap) ? [x] : [];
  });
}

function lineCrossings(gaps: readonly Gap[]): number[] {
  return gaps.flatMap(({ x, gap }, index) => {
    const next = gaps[index + 1];
    if (gap === 0) return [x];
    if (next === undefined || next.gap === 0 || Math.sign(gap) === Math.sign(next.gap)) return [];
    return [x + ((next.x - x) * gap) / (gap - next.gap)];
  });
}
