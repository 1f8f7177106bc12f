import { curvesOf, placeText, type CurveVerdict } from '../../comparison/curves.ts';
import type { FigureVerdict } from '../../comparison/judge-figures.ts';
import type { DifferenceLine } from '../../comparison/lines.ts';
import { drawnText } from '../../comparison/topologies.ts';
import { numberText } from '../../core/number-text.ts';
import type { Curve } from '../../figure/kinds/kind.ts';
import { kindOf } from '../../figure/kinds/kinds.ts';
import { namesInFigure } from '../../study/names.ts';
import type { Figure, Prose } from '../../study/schema.ts';
import type { Translate } from '../language.ts';

/** A figure's verdict, with what it was compared with. */
export interface FigureComparison extends Omit<FigureVerdict, 'curve'> {
  /** By which rules its curve was compared; null where it was not. */
  readonly curve: CurveVerdict | null;
  /** The study says what the figure shows. */
  readonly isCompared: boolean;
  /** Of the run that the expectation was adopted from, the beginning of the digest; empty where it was not. */
  readonly run: string;
  readonly note: Prose | null;
  /** What is expected, as plain text, by capture or topology; empty where nothing is. */
  readonly expected: readonly { readonly name: string; readonly text: string }[];
}

export function compareFigure(figure: Figure, verdict: FigureVerdict | undefined): FigureComparison {
  if (verdict === undefined) throw new RangeError(`figure ${figure.id} was not judged`);
  return {
    ...verdict,
    curve: verdict.curve ?? null,
    isCompared: verdict.origin !== null,
    run: figure.shows?.run?.slice(0, 12) ?? '',
    note: figure.shows?.note ?? null,
    expected: expectedOf(figure),
  };
}

function expectedOf(figure: Figure): FigureComparison['expected'] {
  const { topology, points, source, outputs = {} } = figure.shows ?? {};
  if (points !== undefined) {
    const text = pointsText(curvesOf(points), source);
    return [{ name: numbersIn(figure), text }];
  }
  if (topology !== undefined) return namesInFigure(figure).map((name) => ({ name, text: drawnText(topology) }));
  return Object.entries(outputs).map(([name, text]) => ({ name, text }));
}

/** The measure, or the first capture, that a figure's curves are of. */
function numbersIn(figure: Figure): string {
  const references = kindOf(figure).references(figure);
  return references.find(({ to }) => to.is === 'measure' || to.is === 'capture')?.name ?? '';
}

/** Where the points are from, as the study says it, and a line for each. */
function pointsText(curves: readonly Curve[], source: string | undefined): string {
  const rows = curves.flatMap(({ name, points }) =>
    points.map(([x, y]) => [...(name === null ? [] : [name]), `x = ${placeText(x)}`].join(', ') + `: ${numberText(y)}`),
  );
  return [...(source === undefined ? [] : [source]), ...rows].join('\n');
}

/** The same lines, with words where some were left out. */
export function sayGaps(lines: readonly DifferenceLine[], t: Translate): DifferenceLine[] {
  return lines.map((line) =>
    line.side === 'gap' ? { ...line, text: t('lines-left-out', { count: line.text }) } : line,
  );
}
