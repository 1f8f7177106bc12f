import { isAsExpected } from '../claim/expected-undecided.ts';
import { findingsOf } from '../comparison/findings.ts';
import { openRun } from '../evidence/open.ts';
import { loadCheckedStudy } from './checked-study.ts';
import { stepsOfClaim } from './claim-experiments.ts';
import { lastRun } from './last-run.ts';

/** What is to be run again of a study. */
export interface LastFailed {
  /** The run that tells it. */
  readonly folder: string;
  /** Ids of the claims that it examined and did not uphold, in its study's order. */
  readonly claims: readonly string[];
  /** The experiments that show them, as the study is now; empty: there is nothing to run. */
  readonly experiments: readonly string[];
}

/**
 * The experiments whose claims the newest run of a study did not uphold. Of a study that was changed since then it is what
 * its claims read now; claims that are gone from it count for nothing.
 */
export async function lastFailed(path: string): Promise<LastFailed> {
  const loaded = await loadCheckedStudy(path);
  const { study, index } = loaded;
  const folder = await lastRun(study.id);
  const { verdicts } = findingsOf(await openRun(folder));
  const claims = verdicts
    .filter((verdict) => verdict.state !== 'upheld' && verdict.reason?.kind !== 'not-run' && !isAsExpected(verdict))
    .map(({ claim }) => claim)
    .filter((claim) => index.claims.has(claim));
  const steps = claims.flatMap((id) => {
    const claim = index.claims.get(id);
    return claim === undefined ? [] : stepsOfClaim(claim, loaded);
  });
  return { folder, claims, experiments: [...new Set(steps.map(({ experiment }) => experiment.id))] };
}
