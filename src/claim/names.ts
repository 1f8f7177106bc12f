import { Environment } from '@marcbachmann/cel-js';
import type { StudyProblem } from '../core/errors.ts';
import { stepPath } from '../study/places.ts';
import type { Study } from '../study/schema.ts';
import type { StudySource, YamlPath } from '../study/source.ts';
import { tryParse } from './syntax.ts';

/** Whether CEL has another meaning for a name: of a type (`list`), of an operator (`in`), or for what is to come (`for`). */
export function isTaken(name: string): boolean {
  const parsed = tryParse(name);
  if (parsed?.op !== 'id' || parsed.args !== name) return true;
  try {
    new Environment().registerVariable(name, 'dyn');
    return false;
  } catch {
    return true;
  }
}

/** Captures and topologies that have one of the names that are taken. */
export function checkNames(study: Study, taken: ReadonlySet<string>, source: StudySource): StudyProblem[] {
  return placesOf(study)
    .filter(({ name }) => taken.has(name))
    .map(({ name, path }) =>
      source.problem(path, `the name '${name}' means something else in claims' expressions (CEL); choose another`),
    );
}

function placesOf({ experiments }: Study): { readonly name: string; readonly path: YamlPath }[] {
  return experiments.flatMap(({ steps }, experiment) =>
    steps.flatMap((step, index) => {
      const { topology, commands = [] } = step;
      const path = stepPath(experiment, index, step);
      return [
        ...commands.flatMap(({ capture }, command) =>
          capture === undefined ? [] : [{ name: capture, path: [...path, 'commands', command, 'capture'] }],
        ),
        ...(topology === undefined ? [] : [{ name: topology, path: [...path, 'topology'] }]),
      ];
    }),
  );
}
