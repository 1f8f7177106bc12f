import type { StudyProblem } from '../core/errors.ts';
import type { Study } from '../study/schema.ts';
import type { StudySource } from '../study/source.ts';
import { checkExpression, type Variables } from './expression.ts';

/** The variables that a study's claims may use: its captures that have a parser, and its topologies. */
export function claimVariables(study: Study): Variables {
  const steps = study.experiments.flatMap(({ steps }) => steps);
  const captures = steps.flatMap(({ commands }) =>
    (commands ?? []).flatMap(({ capture, parse }) =>
      capture === undefined || parse === undefined ? [] : [[capture, parse] as const],
    ),
  );
  const topologies = steps.flatMap(({ topology }) => (topology === undefined ? [] : [[topology, 'topology'] as const]));
  return new Map([...captures, ...topologies]);
}

/** Expressions that do not parse, that name what there is not, or that compare what cannot be compared. */
export function checkClaims(study: Study, source: StudySource): StudyProblem[] {
  const variables = claimVariables(study);
  return study.claims.flatMap((claim, index) =>
    (['given', 'expect'] as const).flatMap((key) => {
      const expression = claim[key];
      const message = expression === undefined ? null : checkExpression(expression, variables);
      if (message === null) return [];
      return [source.problem(['claims', index, key], `claim '${claim.id}', ${key}: ${message}`)];
    }),
  );
}
