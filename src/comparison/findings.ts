import { judge, type Verdict } from '../claim/judge.ts';
import { observeRun, type Observed } from '../claim/observations.ts';
import type { Evidence } from '../evidence/open.ts';
import { judgeFigures, type FigureVerdict } from './judge-figures.ts';

/** What a saved run shows, worked out once for everything that tells of it. */
export interface Findings {
  readonly evidence: Evidence;
  readonly observed: ReadonlyMap<string, Observed>;
  readonly verdicts: readonly Verdict[];
  readonly figures: readonly FigureVerdict[];
}

export function findingsOf(evidence: Evidence): Findings {
  const observed = observeRun(evidence);
  return { evidence, observed, verdicts: judge(evidence, observed), figures: judgeFigures(evidence, observed) };
}
