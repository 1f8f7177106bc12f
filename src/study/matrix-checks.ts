import type { StudyProblem } from '../core/errors.ts';
import { combinationCount, combinationsOf, holds, type Matrix } from './parameters.ts';
import type { Experiment, Study } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { suggest } from './suggest.ts';

/** More guests than this nobody waits for. */
const mostRuns = 2000;

/** The parameters of a study's experiments: values that can be told apart and are of one type, combinations that there are. */
export function checkMatrices(study: Study, source: StudySource): StudyProblem[] {
  return study.experiments.flatMap((experiment, index) =>
    experiment.matrix === undefined ? [] : checkMatrix(experiment, experiment.matrix, ['experiments', index], source),
  );
}

function checkMatrix({ id }: Experiment, matrix: Matrix, path: YamlPath, source: StudySource): StudyProblem[] {
  const values = checkValues(matrix, path, source);
  const problems = values.length > 0 ? values : checkExceptions(matrix, path, source);
  if (problems.length > 0) return problems;
  const runs = combinationCount(matrix) > mostRuns ? Infinity : combinationsOf(matrix).length * matrix.repeat;
  if (runs === 0) return [source.problem([...path, 'except'], `nothing is left of the experiment '${id}'`)];
  if (runs <= mostRuns) return [];
  const message = `the experiment '${id}' would run more than ${mostRuns} times`;
  return [source.problem([...path, matrix.repeat > 1 ? 'repeat' : 'parameters'], message)];
}

function checkValues({ parameters }: Matrix, path: YamlPath, source: StudySource): StudyProblem[] {
  return Object.entries(parameters).flatMap(([name, values]) => {
    const at = [...path, 'parameters', name];
    const second = values.findIndex((value, index) => values.indexOf(value) < index);
    if (second >= 0) return [source.problem([...at, second], `the value ${String(values[second])} a second time`)];
    const other = values.findIndex((value) => typeof value !== typeof values[0]);
    if (other < 0) return [];
    const message = `the values of '${name}' are of one type: ${typeof values[0]} here, ${typeof values[other]} there`;
    return [source.problem([...at, other], `${message}; quote both`)];
  });
}

function checkExceptions({ parameters, except }: Matrix, path: YamlPath, source: StudySource): StudyProblem[] {
  return except.flatMap((values, index) => {
    const at = [...path, 'except', index];
    const unknown = Object.keys(values).find((name) => !Object.hasOwn(parameters, name));
    if (unknown !== undefined) {
      const message = `there is no parameter '${unknown}'${suggest(unknown, Object.keys(parameters))}`;
      return [source.keyProblem([...at, unknown], message)];
    }
    const isThere = combinationsOf({ parameters, except: [] }).some((combination) => holds(combination, values));
    return isThere ? [] : [source.problem(at, 'there is no such combination')];
  });
}
