import { isAsExpected } from '../../claim/expected-undecided.ts';
import type { Verdict } from '../../claim/judge.ts';
import type { FigureVerdict } from '../../comparison/judge-figures.ts';
import type { Findings } from '../../comparison/findings.ts';
import { guestFacts } from '../../evidence/facts.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import { describeVerdict } from '../describe-verdict.ts';
import type { Language, Translate } from '../language.ts';

/** The run in short. */
export interface Summary {
  /**
   * `skipped`: no claim was examined. `upheld`: every claim that was examined is, or is undecided as the study expects. A
   * partial run, or one in which a command failed unexpectedly, never is.
   */
  readonly outcome: 'upheld' | 'refuted' | 'undecided' | 'skipped';
  readonly headline: string;
  readonly claims: {
    readonly upheld: number;
    readonly refuted: number;
    readonly undecided: number;
    /** Of these, those that the study expects to be undecided on such a guest. */
    readonly asExpected: number;
    /** Of experiments that did not run: they were not asked for, or the guest lacks what they need. */
    readonly skipped: number;
    /** Of these, those that were not asked for (`--only`). */
    readonly notExamined: number;
  };
  /** The figures that are compared with the paper's, by how they came out; `undecided`: not observed. */
  readonly figures: {
    readonly same: number;
    readonly equivalent: number;
    readonly different: number;
    readonly undecided: number;
  };
  /** How the figures came out, in a sentence; null where none is compared. */
  readonly figuresLine: string | null;
  /** Commands that ended otherwise than expected. */
  readonly failures: number;
  /** The claims that were examined and are not upheld; of each, what a terminal is told. */
  readonly notUpheld: readonly ClaimNotUpheld[];
  /** `wanted` is null where the source names no release: then none matches. */
  readonly release: { readonly wanted: string | null; readonly found: string | null; readonly matches: boolean };
}

export interface ClaimNotUpheld {
  readonly claim: string;
  readonly state: 'refuted' | 'undecided';
  readonly lines: readonly string[];
}

export function summarize(
  { evidence, verdicts, figures, failures }: Findings,
  language: Language,
  t: Translate,
): Summary {
  const { environment } = evidence.loaded.study;
  const facts = guestFacts(evidence);
  const count = (state: Verdict['state']): number => verdicts.filter((verdict) => verdict.state === state).length;
  const claims = {
    upheld: count('upheld'),
    refuted: count('refuted'),
    undecided: count('undecided'),
    asExpected: verdicts.filter(isAsExpected).length,
    skipped: count('skipped'),
    notExamined: verdicts.filter(({ reason }) => reason?.kind === 'not-run').length,
  };
  const release = {
    wanted: environment?.release ?? null,
    found: facts.release ?? facts.system,
    matches:
      environment !== null &&
      !isOurImage(evidence.record) &&
      (facts.release?.includes(environment.releasePattern) ?? false),
  };
  const complete = evidence.record.state === 'complete';
  const examined = claims.upheld + claims.refuted + claims.undecided;
  // What the study expects to be undecided is told by itself.
  const open = claims.undecided - claims.asExpected;
  const decided = examined - claims.asExpected;
  const isSkipped = examined === 0 && claims.skipped > claims.notExamined && failures.length === 0 && complete;
  const outcome =
    claims.refuted > 0
      ? 'refuted'
      : isSkipped
        ? 'skipped'
        : open > 0 || examined === 0 || failures.length > 0 || !complete
          ? 'undecided'
          : 'upheld';
  const kind = complete
    ? outcome === 'undecided' && open === 0 && claims.upheld > 0
      ? 'failures'
      : outcome === 'upheld'
        ? upheldKind(claims, release)
        : outcome
    : 'partial';
  const compared = countFigures(figures);
  const also = (key: string, count: number): string =>
    count === 0 ? '' : t(`${key}-${count === 1 ? 'one' : 'many'}`, count === 1 ? {} : { count });
  return {
    outcome,
    headline: [
      t(`headline-${kind}`, { ...claims, undecided: open, examined: decided, ...release }),
      kind === 'as-expected' ? '' : also('claims-as-expected', claims.asExpected),
      isSkipped ? '' : also('claims-skipped', claims.skipped - claims.notExamined),
      claims.notExamined === 0 ? '' : t('claims-not-examined', { count: claims.notExamined }),
      also('commands-failed', failures.length),
      also('figures-different', compared.different),
    ].join(''),
    claims,
    figures: compared,
    figuresLine: Object.values(compared).some((number) => number > 0) ? t('figures-line', compared) : null,
    failures: failures.length,
    notUpheld: verdicts.flatMap((verdict): ClaimNotUpheld[] => {
      const { state } = verdict;
      const claim = evidence.loaded.index.claims.get(verdict.claim);
      if (state === 'upheld' || state === 'skipped' || claim === undefined) return [];
      return [{ claim: claim.id, state, lines: describeVerdict(verdict, claim, language, t) }];
    }),
    release,
  };
}

/** An image of ours is known not to be the paper's machine, whatever a file in it says. */
function isOurImage({ guest }: RunRecord): boolean {
  const files = guest?.image.files ?? [];
  return files.length > 0 && files.every(({ check }) => check === 'package');
}

/** Which headline a run has that came out as its study says. */
function upheldKind({ upheld }: Summary['claims'], { wanted, matches }: Summary['release']): string {
  if (upheld === 0) return 'as-expected';
  if (matches) return 'upheld';
  return wanted === null ? 'upheld-anywhere' : 'stand-in';
}

function countFigures(verdicts: readonly FigureVerdict[]): Summary['figures'] {
  const count = (state: FigureVerdict['state']): number => verdicts.filter((verdict) => verdict.state === state).length;
  return {
    same: count('same'),
    equivalent: count('equivalent'),
    different: count('different'),
    undecided: count('undecided'),
  };
}
