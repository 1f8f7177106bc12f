import type { StudyProblem } from '../core/errors.ts';
import type { Reference, Referent } from '../figure/kinds/kind.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import { checkCurve } from './curve-references.ts';
import { textMaskNames, topologyMaskNames } from './mask-names.ts';
import type { Figure } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import type { StudyIndex } from './study-index.ts';
import { suggest } from './suggest.ts';

/** What a figure refers to must be there, and what is expected of it must fit it. `ownMasks`: the names of the study's. */
export function checkFigure(
  figure: Figure,
  path: YamlPath,
  index: StudyIndex,
  source: StudySource,
  ownMasks: readonly string[],
): StudyProblem[] {
  const references = kindOf(figure).references(figure);
  return [
    ...references.flatMap((reference) => checkReference(reference, path, index, source)),
    ...checkShows(figure, path, index, source, ownMasks),
  ];
}

function checkReference(
  { name, path, to }: Reference,
  figure: YamlPath,
  index: StudyIndex,
  source: StudySource,
): StudyProblem[] {
  const known = namesFor(to, index);
  if (known.includes(name)) return [];
  return [source.problem([...figure, ...path], `there is no ${to.words} '${name}'${suggest(name, known)}`)];
}

function namesFor(to: Referent, { experiments, topologies, captures, measures: named }: StudyIndex): string[] {
  const measures = [...named.keys()];
  const parameters = [
    ...new Set([...experiments.values()].flatMap((each) => Object.keys(each.matrix?.parameters ?? {}))),
  ];
  switch (to.is) {
    case 'experiment':
      return [...experiments.keys()];
    case 'topology':
      return [...topologies.keys()];
    case 'measure':
      return measures;
    case 'parameter':
      return parameters;
    case 'quantity':
      return [...parameters, ...measures];
    case 'capture':
      return [...captures.values()].flatMap(({ name, parser }) =>
        to.parser === null || parser === to.parser ? [name] : [],
      );
  }
}

/** An expectation is of the same kind as its figure, and names every capture that the figure shows. */
function checkShows(
  figure: Figure,
  path: YamlPath,
  index: StudyIndex,
  source: StudySource,
  ownMasks: readonly string[],
): StudyProblem[] {
  const { shows } = figure;
  if (shows === undefined) return [];
  if (shows.points !== undefined) return checkCurve(figure, shows.points, [...path, 'shows'], index, source);
  const known = shows.topology === undefined ? [...textMaskNames, ...ownMasks] : topologyMaskNames;
  const masks = checkMasks(shows.masks, known, [...path, 'shows', 'masks'], source);
  const kind = kindOf(figure);
  const { expectation } = kind;
  if (shows.outputs !== undefined) {
    const at = [...path, 'shows', 'outputs'];
    if (expectation.of !== 'printed' && expectation.of !== 'rendered')
      return [...masks, source.problem(at, 'only a figure of captures can show outputs')];
    const shown = kind.references(figure).map(({ name }) => name);
    return [...masks, ...checkOutputs(Object.keys(shows.outputs), shown, at, source)];
  }
  if (expectation.of === 'topology') return masks;
  return [...masks, source.problem([...path, 'shows', 'topology'], "only a figure that is a 'topology' can show one")];
}

function checkOutputs(
  named: readonly string[],
  shown: readonly string[],
  at: YamlPath,
  source: StudySource,
): StudyProblem[] {
  const stray = named.filter((name) => !shown.includes(name));
  const missing = shown.filter((name) => !named.includes(name));
  return [
    ...stray.map((name) => source.problem([...at, name], `the figure has no capture '${name}'${suggest(name, shown)}`)),
    ...missing.map((name) => source.problem(at, `what '${name}' shows is missing`)),
  ];
}

function checkMasks(
  masks: readonly string[],
  known: readonly string[],
  path: YamlPath,
  source: StudySource,
): StudyProblem[] {
  return masks.flatMap((mask, index) =>
    known.includes(mask)
      ? []
      : [
          source.problem(
            [...path, index],
            `'${mask}' is no mask of this kind${suggest(mask, known)}: ${known.join(', ')}`,
          ),
        ],
  );
}
