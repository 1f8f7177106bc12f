import type { Parse, ParserName } from '../../observation/observe.ts';
import { linksOperators, namespacesOperators, neighboursOperators, routesOperators } from './network-operators.ts';
import type { Mutant, Operator } from './mutant.ts';
import { pingOperators } from './ping-operators.ts';
import { textOperators, wholeOperators } from './text-operators.ts';

/** What reads a tool's output has operators that know the tool; all else is text. */
const operatorsOf: Partial<Readonly<Record<ParserName, readonly Operator[]>>> = {
  ping: pingOperators,
  links: linksOperators,
  routes: routesOperators,
  neighbours: neighboursOperators,
  namespaces: namespacesOperators,
};

/** A capture may have a million lines, and many megabytes. */
const mostLines = 100;
const mostMutants = 1000;
const mostBytes = 64 * 1024 * 1024;

/**
 * What a command might have printed in place of `text`, by each operator for what reads it. `parse` null: nothing reads it. Of
 * many lines those that `deciding` names (from 1) are changed, and others, evenly spread; and so of many mutants.
 */
export function mutantsOf(parse: Parse | null, text: string, deciding: readonly number[]): readonly Mutant[] {
  const lines = text.split('\n');
  const places = chosenPlaces(lines.length, deciding);
  const own = (typeof parse === 'string' ? operatorsOf[parse] : undefined) ?? textOperators;
  const mutants = [...wholeOperators, ...own].flatMap((operator) => operator({ lines, places }));
  return spread(mutants, Math.min(mostMutants, Math.ceil(mostBytes / (text.length + 1))));
}

function chosenPlaces(count: number, deciding: readonly number[]): number[] {
  const all = Array.from({ length: count }, (_, at) => at);
  const first = spread(deciding, mostLines).map((line) => line - 1);
  return [...new Set([...first, ...spread(all, mostLines)])].filter((at) => at < count).sort((a, b) => a - b);
}

/** At most so many of a list, evenly spread over it. */
export function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, nth) => list[Math.floor((nth * list.length) / most)] as T);
}
