import type { StudyProblem } from '../core/errors.ts';
import type { Study } from '../study/schema.ts';
import type { StudySource } from '../study/source.ts';
import type { StudyIndex } from '../study/study-index.ts';
import { expressionFault, type Variables } from './expression.ts';
import { checkNames, isTaken } from './names.ts';
import type { VariableKind } from './types.ts';

/** The variables that a study's claims may use: its captures that have a parser, and its topologies. */
export function claimVariables({ captures, topologies }: StudyIndex): Variables {
  const parsed = [...captures.values()].map(({ name, parser }) => [name, parser ?? 'capture'] as const);
  const observed = [...topologies.keys()].map((name) => [name, 'topology'] as const);
  return new Map<string, VariableKind>([...parsed, ...observed]);
}

/**
 * Names that claims could not use, and expressions that do not parse, that name what there is not, that compare what
 * cannot be compared, or that read nothing.
 */
export function checkClaims(study: Study, index: StudyIndex, source: StudySource): StudyProblem[] {
  const variables = claimVariables(index);
  const taken = new Set([...variables.keys()].filter(isTaken));
  const sound = new Map([...variables].filter(([name]) => !taken.has(name)));
  const expressions = study.claims.flatMap((claim, index) =>
    (['given', 'expect'] as const).flatMap((key) => {
      const expression = claim[key];
      // What a name means that is taken is told once, where it is given.
      if (expression === undefined || mentions(expression, taken)) return [];
      const fault = expressionFault(expression, sound);
      if (fault === null) return [];
      const [path, message] = [['claims', index, key], `claim '${claim.id}', ${key}: ${fault.message}`];
      return [fault.range === null ? source.problem(path, message) : source.problemWithin(path, fault.range, message)];
    }),
  );
  return [...checkNames(study, taken, source), ...expressions];
}

/** By its words, for an expression with such a name need not parse. */
function mentions(expression: string, names: ReadonlySet<string>): boolean {
  return (expression.match(/\w+/g) ?? []).some((word) => names.has(word));
}
