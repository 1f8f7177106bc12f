import type { DifferenceLine } from '../comparison/lines.ts';
import type { FigureVerdict } from '../comparison/judge-figures.ts';
import { drawnText } from '../comparison/topologies.ts';
import type { Figure } from '../study/schema.ts';
import type { Language, Translate } from './language.ts';

/** A figure's verdict as a report tells it; all of it plain text, but for `note`, which is a study's Markdown. */
export interface FigureComparison {
  readonly state: FigureVerdict['state'];
  readonly verdict: string;
  /** Where the expectation comes from; null where there is none. */
  readonly origin: string | null;
  readonly note: string | null;
  readonly masks: readonly { readonly name: string; readonly count: number }[];
  /** Captures or topologies that were not observed. */
  readonly missing: readonly string[];
  /** What is expected, by capture or topology. */
  readonly expected: readonly { readonly name: string; readonly text: string }[];
  readonly differences: readonly { readonly observed: string; readonly lines: readonly DifferenceLine[] }[];
}

export function compareFigure(
  figure: Figure,
  verdict: FigureVerdict | undefined,
  language: Language,
  t: Translate,
): FigureComparison {
  const { shows } = figure;
  const state = verdict?.state ?? 'not compared';
  return {
    state,
    verdict: t(`figure-${state.replace(' ', '-')}`),
    origin: shows === undefined ? null : t(`origin-${shows.origin}`),
    note: shows?.note?.[language] ?? null,
    masks: (verdict?.masks ?? []).map(({ mask, count }) => ({ name: t(`mask-${mask}`), count })),
    missing: verdict?.missing ?? [],
    expected: expectedOf(figure),
    differences: (verdict?.differences ?? []).map(({ observed, lines }) => ({
      observed,
      lines: sayGaps(lines, t),
    })),
  };
}

/** The same lines, with words where some were left out. */
export function sayGaps(lines: readonly DifferenceLine[], t: Translate): DifferenceLine[] {
  return lines.map((line) =>
    line.side === 'gap' ? { ...line, text: t('lines-left-out', { count: line.text }) } : line,
  );
}

function expectedOf({ shows, topology }: Figure): FigureComparison['expected'] {
  if (shows?.topology !== undefined) return [{ name: topology ?? '', text: drawnText(shows.topology) }];
  return Object.entries(shows?.outputs ?? {}).map(([name, text]) => ({ name, text }));
}
