import type { StudyProblem } from '../core/errors.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import type { CurvePoints, CurveRule } from './curve-schema.ts';
import type { Figure } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import type { StudyIndex } from './study-index.ts';
import { suggest } from './suggest.ts';

/** Points are of a figure that has curves, name its series, and are compared by rules that fit them. */
export function checkCurve(
  figure: Figure,
  points: CurvePoints,
  path: YamlPath,
  index: StudyIndex,
  source: StudySource,
): StudyProblem[] {
  const at = [...path, 'points'];
  const kind = kindOf(figure);
  if (kind.expectation.of !== 'curve') {
    return [
      source.problem(
        at,
        "only a figure of numbers can show points: 'bars', 'box', 'cdf', 'points', 'series' or 'table'",
      ),
    ];
  }
  const known = seriesNames(figure, index);
  const names = Array.isArray(points) ? null : Object.keys(points);
  return [
    ...checkSeries(names, known, at, source),
    ...checkRules(figure.shows?.rule ?? [], names ?? [], [...path, 'rule'], source),
    ...(figure.shows?.masks.length === 0
      ? []
      : [source.problem([...path, 'masks'], "a mask hides nothing of a curve: what may differ is said by its 'rule'")]),
  ];
}

/** null: the figure has one series, which has no name; undefined: their names are those of the runs that are picked. */
function seriesNames(figure: Figure, { experiments, captures: known }: StudyIndex): string[] | null | undefined {
  const references = kindOf(figure).references(figure);
  const captures = references.flatMap(({ name, to }) => (to.is === 'capture' ? [name] : []));
  if (captures.some((name) => known.get(name)?.step.experiment.matrix !== undefined)) return undefined;
  if (captures.length > 1) return captures;
  const by = references.find(({ path }) => path.at(-1) === 'by' || path.at(-1) === 'columns')?.name;
  const values =
    by === undefined
      ? null
      : [...experiments.values()].flatMap(({ matrix }) => (matrix?.parameters[by] ?? []).map(String));
  const measures = references.flatMap(({ name, to }) => (to.is === 'measure' ? [name] : []));
  if (figure.kind !== 'table' || measures.length < 2) return values;
  return measures.flatMap((measure) => values?.map((value) => `${measure}, ${value}`) ?? [measure]);
}

function checkSeries(
  names: readonly string[] | null,
  known: readonly string[] | null | undefined,
  at: YamlPath,
  source: StudySource,
): StudyProblem[] {
  if (known === undefined) return [];
  if (names === null) {
    return known === null
      ? []
      : [source.problem(at, `the figure has several series: give the points of each by its name`)];
  }
  if (known === null)
    return [source.problem(at, 'the figure has one series: give its points as a list, without a name')];
  return names
    .filter((name) => !known.includes(name))
    .map((name) => source.keyProblem([...at, name], `the figure has no series '${name}'${suggest(name, known)}`));
}

/** Some rules are about two series. */
function checkRules(
  rules: readonly CurveRule[],
  names: readonly string[],
  at: YamlPath,
  source: StudySource,
): StudyProblem[] {
  const needy = rules.find(
    (rule) => rule === 'order' || (typeof rule === 'object' && ('crossing' in rule || 'ratio' in rule)),
  );
  if (needy === undefined || names.length > 1) return [];
  const name = typeof needy === 'string' ? needy : (Object.keys(needy)[0] ?? '');
  return [source.problem(at, `the rule '${name}' is about two series, and the points are of fewer`)];
}
