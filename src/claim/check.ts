import type { StudyProblem } from '../core/errors.ts';
import type { Study } from '../study/schema.ts';
import type { StudySource } from '../study/source.ts';
import type { StudyIndex } from '../study/study-index.ts';
import { checkExpression, type Variables } from './expression.ts';
import type { VariableKind } from './types.ts';

/** The variables that a study's claims may use: its captures that have a parser, and its topologies. */
export function claimVariables({ captures, topologies }: StudyIndex): Variables {
  const parsed = [...captures.values()].map(({ name, parser }) => [name, parser ?? 'capture'] as const);
  const observed = [...topologies.keys()].map((name) => [name, 'topology'] as const);
  return new Map<string, VariableKind>([...parsed, ...observed]);
}

/** Expressions that do not parse, that name what there is not, or that compare what cannot be compared. */
export function checkClaims(study: Study, index: StudyIndex, source: StudySource): StudyProblem[] {
  const variables = claimVariables(index);
  return study.claims.flatMap((claim, index) =>
    (['given', 'expect'] as const).flatMap((key) => {
      const expression = claim[key];
      const message = expression === undefined ? null : checkExpression(expression, variables);
      if (message === null) return [];
      return [source.problem(['claims', index, key], `claim '${claim.id}', ${key}: ${message}`)];
    }),
  );
}
