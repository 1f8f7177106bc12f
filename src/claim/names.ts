import { Environment } from '@marcbachmann/cel-js';
import type { StudyProblem } from '../core/errors.ts';
import { stepPath } from '../study/places.ts';
import type { Study } from '../study/schema.ts';
import type { StudySource, YamlPath } from '../study/source.ts';
import type { StudyIndex } from '../study/study-index.ts';
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

/** Captures, topologies, measures and parameters that have one of the names that are taken. */
export function checkNames(study: Study, taken: ReadonlySet<string>, source: StudySource): StudyProblem[] {
  const message = (name: string): string =>
    `the name '${name}' means something else in claims' expressions (CEL); choose another`;
  const isTakenName = ({ name }: { readonly name: string }): boolean => taken.has(name);
  return [
    ...placesOf(study)
      .filter(isTakenName)
      .map(({ name, path }) => source.problem(path, message(name))),
    ...placesOfKeys(study)
      .filter(isTakenName)
      .map(({ name, path }) => source.keyProblem(path, message(name))),
  ];
}

/** The names that are keys: of measures and of parameters. */
function placesOfKeys({ measures = {}, experiments }: Study): { readonly name: string; readonly path: YamlPath }[] {
  return [
    ...Object.keys(measures).map((name) => ({ name, path: ['measures', name] })),
    ...experiments.flatMap(({ matrix }, index) =>
      Object.keys(matrix?.parameters ?? {}).map((name) => ({ name, path: ['experiments', index, 'parameters', name] })),
    ),
  ];
}

/** Measures and parameters that have the name of something else. */
export function checkShared(study: Study, { captures, topologies }: StudyIndex, source: StudySource): StudyProblem[] {
  const observed = (name: string): boolean => captures.has(name) || topologies.has(name);
  const measures = Object.keys(study.measures ?? {});
  const refuse = (path: YamlPath, what: string, name: string, other: string): StudyProblem =>
    source.keyProblem([...path, name], `the ${what} '${name}' has the name of ${other}; choose another`);
  return [
    ...measures
      .filter(observed)
      .map((name) => refuse(['measures'], 'measure', name, captures.has(name) ? 'a capture' : 'a topology')),
    ...study.experiments.flatMap(({ matrix }, index) =>
      Object.keys(matrix?.parameters ?? {}).flatMap((name) => {
        const path = ['experiments', index, 'parameters'];
        if (observed(name)) return [refuse(path, 'parameter', name, captures.has(name) ? 'a capture' : 'a topology')];
        return measures.includes(name) ? [refuse(path, 'parameter', name, 'a measure')] : [];
      }),
    ),
  ];
}

function placesOf({ experiments }: Study): { readonly name: string; readonly path: YamlPath }[] {
  return experiments.flatMap(({ steps }, experiment) =>
    steps.flatMap((step, index) => {
      const { topology, commands = [], background = [], collect = [] } = step;
      const path = stepPath(experiment, index, step);
      return [
        ...commands.flatMap(({ capture }, command) =>
          capture === undefined ? [] : [{ name: capture, path: [...path, 'commands', command, 'capture'] }],
        ),
        ...background.map(({ name }, at) => ({ name, path: [...path, 'background', at, 'name'] })),
        ...collect.map(({ capture }, at) => ({ name: capture, path: [...path, 'collect', at, 'capture'] })),
        ...(topology === undefined ? [] : [{ name: topology, path: [...path, 'topology'] }]),
      ];
    }),
  );
}
