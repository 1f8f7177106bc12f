import { hostName } from '../core/names.ts';
import type { StudyProblem } from '../core/errors.ts';
import type { Figure, Study } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { suggest } from './suggest.ts';

/** What a figure of a network says of namespaces and devices, as far as it can be known before a run. */
export function checkNetworkNames({ figures, makes }: Study, source: StudySource): StudyProblem[] {
  return figures.flatMap((figure, at) => {
    const path = ['figures', at];
    const mentions = mentionsIn(figure);
    return [
      ...checkTwice(mentions, path, source),
      ...(makes === undefined ? [] : checkMade(mentions, [hostName, ...makes.namespaces], path, source)),
      ...checkDrawn(figure, path, source),
    ];
  });
}

/** A namespace that a figure names. */
interface Mention {
  readonly key: 'ignore' | 'order' | 'layers' | 'labels';
  readonly path: YamlPath;
  readonly namespace: string;
}

function mentionsIn(figure: Figure): Mention[] {
  if (figure.kind !== 'topology' && figure.kind !== 'strip') return [];
  const { ignore = [], order = [], layers = [], labels = {} } = figure;
  return [
    ...ignore.map((place, index): Mention => {
      const [namespace = place] = place.split('/', 1);
      return { key: 'ignore', path: ['ignore', index], namespace };
    }),
    ...order.map((namespace, index): Mention => ({ key: 'order', path: ['order', index], namespace })),
    ...layers.flatMap((layer, row) =>
      layer.map((namespace, index): Mention => ({ key: 'layers', path: ['layers', row, index], namespace })),
    ),
    ...Object.keys(labels).map((namespace): Mention => ({ key: 'labels', path: ['labels', namespace], namespace })),
  ];
}

/** A namespace has one place. */
function checkTwice(mentions: readonly Mention[], figure: YamlPath, source: StudySource): StudyProblem[] {
  const placed = mentions.filter(({ key }) => key === 'order' || key === 'layers');
  return placed.flatMap(({ namespace, path, key }, at) => {
    const first = placed.slice(0, at).find((other) => other.namespace === namespace);
    if (first === undefined) return [];
    const message =
      first.key === key
        ? `'${namespace}' is in '${key}' twice`
        : `'${namespace}' is in '${first.key}' already: give one of the two`;
    return [source.problem([...figure, ...path], message)];
  });
}

function checkMade(
  mentions: readonly Mention[],
  known: readonly string[],
  figure: YamlPath,
  source: StudySource,
): StudyProblem[] {
  return mentions.flatMap(({ namespace, path, key }) =>
    // What is not the study's can be there, too, and may have to be left out.
    known.includes(namespace) || key === 'ignore'
      ? []
      : [source.problem([...figure, ...path], `'makes' has no namespace '${namespace}'${suggest(namespace, known)}`)],
  );
}

/** What the drawing has can't be left out. */
function checkDrawn(figure: Figure, path: YamlPath, source: StudySource): StudyProblem[] {
  if (figure.kind !== 'topology' || figure.shows?.topology === undefined) return [];
  const drawn = figure.shows.topology.namespaces.flatMap(({ name, devices }) => [
    name,
    ...devices.map((device) => `${name}/${device.name}`),
  ]);
  return (figure.ignore ?? []).flatMap((place, index) =>
    drawn.includes(place)
      ? [source.problem([...path, 'ignore', index], `'shows' has '${place}', which is ignored here`)]
      : [],
  );
}
