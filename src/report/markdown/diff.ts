import {
  compareRuns,
  differs,
  type ComparedFigure,
  type ComparedObservation,
  type RunComparison,
} from '../../comparison/compare-runs.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { FigureVerdict } from '../../comparison/judge-figures.ts';
import type { Likeness } from '../../comparison/lines.ts';
import type { VerdictState } from '../../claim/judge.ts';
import { translator, type Language, type Translate } from '../language.ts';
import { tableCell } from './escape.ts';
import { environmentRows } from '../model/environment.ts';
import { fillMarkdown } from './report.ts';
import { figureStateKey } from '../say.ts';
import { summarize } from '../model/summary.ts';

/** A run to compare, and how the comparison calls it. */
export interface NamedRun {
  readonly name: string;
  readonly findings: Findings;
}

export interface RenderedDiff {
  /** Whether anything differs that no mask hides. */
  readonly differs: boolean;
  readonly comparison: RunComparison;
  readonly markdown: string;
}

/** Two runs side by side, as Markdown: a pure function of their evidence and of the names. */
export function renderDiff(a: NamedRun, b: NamedRun, language: Language): RenderedDiff {
  const [t, ofB] = [a, b].map(({ findings }) => translator(language, findings.evidence.loaded.study.paper.kind)) as [
    Translate,
    Translate,
  ];
  const comparison = compareRuns(a.findings, b.findings);
  const { prompt } = a.findings.evidence.loaded.study;
  const model = {
    a: { name: a.name, headline: summarize(a.findings, language, t).headline },
    b: { name: b.name, headline: summarize(b.findings, language, ofB).headline },
    differs: differs(comparison),
    comparison,
    environment: environmentOf(a.findings, b.findings, language, t),
    claims: claimsOf(comparison, [a.findings, b.findings], language, t),
    figures: figuresOf(comparison, [a.findings, b.findings], language, t),
    observations: comparison.observations.map((each) => ({
      ...each,
      sign: signOf(each),
      between: sayBetween(each, t),
    })),
  };
  return {
    differs: model.differs,
    comparison,
    markdown: fillMarkdown('diff', model, { prompt, language, t }),
  };
}

interface Row {
  readonly what: string;
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** The rows of either report; one that a run does not have stands empty. */
function environmentOf(a: Findings, b: Findings, language: Language, t: Translate): Row[] {
  const [inA, inB] = [a, b].map(
    (findings) =>
      new Map(
        environmentRows(findings.evidence, summarize(findings, language, t), t).map(({ what, run }) => [what, run]),
      ),
  );
  return [...new Set([...(inA?.keys() ?? []), ...(inB?.keys() ?? [])])].map((what) => {
    const [one, other] = [inA?.get(what) ?? '', inB?.get(what) ?? ''];
    return { what, a: one, b: other, same: one === other };
  });
}

function claimsOf(
  { claims }: RunComparison,
  runs: readonly Findings[],
  language: Language,
  t: Translate,
): { statement: string; a: string; b: string; same: boolean }[] {
  const say = (state: VerdictState | null): string => (state === null ? t('diff-not-there') : t(`verdict-${state}`));
  const known = runs.flatMap(({ evidence }) => evidence.loaded.study.claims);
  return claims.map(({ claim, a, b }) => ({
    statement: tableCell(known.find(({ id }) => id === claim)?.statement[language] ?? claim),
    a: say(a),
    b: say(b),
    same: a === b,
  }));
}

interface FigureRow extends Pick<ComparedFigure, 'differences'> {
  readonly id: string;
  readonly caption: string;
  readonly a: string;
  readonly b: string;
  readonly between: string;
  readonly sign: string;
}

function figuresOf(
  { figures }: RunComparison,
  runs: readonly Findings[],
  language: Language,
  t: Translate,
): FigureRow[] {
  const known = runs.flatMap(({ evidence }) => evidence.loaded.study.figures);
  const say = (state: FigureVerdict['state'] | null): string =>
    state === null ? t('diff-not-there') : t(figureStateKey(state));
  return figures.map(({ figure, a, b, likeness, differences }) => ({
    id: figure,
    caption: tableCell(known.find(({ id }) => id === figure)?.caption[language] ?? ''),
    a: say(a),
    b: say(b),
    between: likeness === null ? t('figure-undecided') : say(likeness),
    sign: likeness === null ? '?' : signs[likeness],
    differences,
  }));
}

const signs: Readonly<Record<Likeness | 'not compared', string>> = {
  same: '=',
  equivalent: '≈',
  different: '≠',
  'not compared': '',
};

function signOf({ likeness, in: where }: ComparedObservation): string {
  if (likeness !== null) return signs[likeness];
  return where === 'neither' ? '' : '≠';
}

function sayBetween({ likeness, in: where }: ComparedObservation, t: Translate): string {
  if (likeness !== null) return t(`figure-${likeness}`);
  return where === 'neither' ? t('diff-in-neither') : t('diff-in-one', { run: where.toUpperCase() });
}
