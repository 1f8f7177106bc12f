import { Court } from '../claim/scope.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Claim } from '../study/schema.ts';
import type { IndexedStep } from '../study/study-index.ts';

/** The steps that give what a claim reads, in each run of theirs. */
export function stepsOfClaim(claim: Claim, { written, index }: LoadedStudy): IndexedStep[] {
  const scopes = new Court(written, new Map()).scopesOf(claim);
  const names = scopes.flatMap((scope) => scope.namesIn([claim.given, claim.expect]));
  return [...new Set(names.flatMap((name) => index.stepOf(name) ?? []))];
}
