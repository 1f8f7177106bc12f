import type { StudyProblem } from '../core/errors.ts';
import { textMaskNames, topologyMaskNames } from './mask-names.ts';
import type { Figure, FigureSource, Step, Study, StudyCommand } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { placesOf } from './study-index.ts';
import { suggest } from './suggest.ts';

/** A script's content by its path; null where the file cannot be read. */
export type Scripts = ReadonlyMap<string, Buffer | null>;

/** What the schema cannot say: names that must exist, names that must differ, scripts that must fit. */
export function checkReferences(study: Study, source: StudySource, scripts: Scripts): StudyProblem[] {
  return [
    ...checkUnique(study, source),
    ...checkReserved(study, source),
    ...checkOrder(study, source),
    ...study.experiments.flatMap(({ steps }, experiment) =>
      steps.flatMap((step, index) => checkStep(step, ['experiments', experiment, 'steps', index], source, scripts)),
    ),
    ...study.figures.flatMap((figure, index) => checkFigure(figure, ['figures', index], study, source)),
    ...study.claims.flatMap(({ figure }, index) => {
      const known = study.figures.map(({ id }) => id);
      return figure === undefined || known.includes(figure)
        ? []
        : [source.problem(['claims', index, 'figure'], `there is no figure '${figure}'${suggest(figure, known)}`)];
    }),
  ];
}

interface Named {
  readonly id: string;
  readonly path: YamlPath;
}

function checkUnique(study: Study, source: StudySource): StudyProblem[] {
  const named = (list: readonly { readonly id: string }[], ...path: YamlPath): Named[] =>
    list.map(({ id }, index) => ({ id, path: [...path, index, 'id'] }));
  const groups: Record<string, Named[]> = {
    experiment: named(study.experiments, 'experiments'),
    figure: named(study.figures, 'figures'),
    claim: named(study.claims, 'claims'),
    'capture or topology': captureNames(study),
  };
  const steps = study.experiments.map(({ steps }, index) => named(steps, 'experiments', index, 'steps'));
  return [...Object.entries(groups), ...steps.map((list) => ['step', list] as const)].flatMap(([what, list]) =>
    list.flatMap(({ id, path }, index) =>
      list.findIndex((other) => other.id === id) < index
        ? [source.problem(path, `a second ${what} with the id '${id}'`)]
        : [],
    ),
  );
}

function captureNames(study: Study): Named[] {
  return study.experiments.flatMap(({ steps }, experiment) =>
    steps.flatMap((step, index) => {
      const path = ['experiments', experiment, 'steps', index];
      const commands = (step.commands ?? []).flatMap(({ capture }, command) =>
        capture === undefined ? [] : [{ id: capture, path: [...path, 'commands', command, 'capture'] }],
      );
      return step.topology === undefined ? commands : [...commands, { id: step.topology, path: [...path, 'topology'] }];
    }),
  );
}

/** Journals are files named by experiment, and one of them is Refigure's own (see evidence/layout.ts). */
const reservedExperiment = 'facts';

function checkReserved(study: Study, source: StudySource): StudyProblem[] {
  return study.experiments.flatMap(({ id }, index) =>
    id === reservedExperiment
      ? [
          source.problem(
            ['experiments', index, 'id'],
            `the id '${id}' is taken by Refigure's own questions to the guest`,
          ),
        ]
      : [],
  );
}

/** `after` names an experiment that stands earlier in the file: so there are no cycles, and one reads in order. */
function checkOrder(study: Study, source: StudySource): StudyProblem[] {
  return study.experiments.flatMap(({ after }, index) => {
    const earlier = study.experiments.slice(0, index).map(({ id }) => id);
    if (after === undefined || earlier.includes(after)) return [];
    const message = `'after' must name an experiment above this one, and '${after}' is none`;
    return [source.problem(['experiments', index, 'after'], `${message}${suggest(after, earlier)}`)];
  });
}

function checkStep(step: Step, path: YamlPath, source: StudySource, scripts: Scripts): StudyProblem[] {
  const commands = step.commands ?? [];
  const problems = commands.flatMap(({ parse, capture }, index) =>
    parse !== undefined && capture === undefined
      ? [source.problem([...path, 'commands', index, 'parse'], "'parse' needs a 'capture' to name what is read")]
      : [],
  );
  if (step.script === undefined) {
    if (commands.length > 0) return problems;
    return [...problems, source.problem(path, `step '${step.id}' has neither a script nor commands`)];
  }
  return [...problems, ...checkScript(step, step.script, path, source, scripts.get(step.script) ?? null)];
}

function checkScript(
  step: Step,
  script: string,
  path: YamlPath,
  source: StudySource,
  content: Buffer | null,
): StudyProblem[] {
  const at = [...path, 'script'];
  if (content === null) return [source.problem(at, `the script ${script} cannot be read`)];
  if (content.includes(0x0d)) {
    const message = `the script ${script} has carriage returns (CRLF line ends); a shell would take them as text`;
    return [source.problem(at, `${message}: save it with LF`)];
  }
  return checkAnnotations(step.commands ?? [], script, content.toString('utf8'), [...path, 'commands'], source);
}

/** An annotation is found by the whole text of its command; the second one with a text is for its second run. */
function checkAnnotations(
  commands: readonly StudyCommand[],
  script: string,
  text: string,
  path: YamlPath,
  source: StudySource,
): StudyProblem[] {
  const lines = text.split('\n').map((line) => line.trim());
  return commands.flatMap(({ run }, index) => {
    const there = placesOf(run, text).length;
    const asked = commands.slice(0, index + 1).filter((other) => other.run === run).length;
    if (asked <= there) return [];
    const message =
      there > 0
        ? `the script ${script} runs '${run}' no ${asked} times`
        : `the script ${script} has no command '${run}'${suggest(run, lines.filter(Boolean))}`;
    return [source.problem([...path, index, 'run'], message)];
  });
}

function checkFigure(figure: Figure, path: YamlPath, study: Study, source: StudySource): StudyProblem[] {
  const known = figureNames(study);
  const check = ([kind, names]: readonly [FigureSource, readonly string[] | undefined]): StudyProblem[] =>
    (names ?? []).flatMap((name, index) => {
      if (known[kind].includes(name)) return [];
      const at = [...path, kind, ...(kind === 'topology' ? [] : [index])];
      return [source.problem(at, `there is no ${sourceWords[kind]} '${name}'${suggest(name, known[kind])}`)];
    });
  const { topology, strip, terminal, routeTable, rtt, loss, time } = figure;
  const sources = { strip, terminal, routeTable, rtt, loss, time };
  return [
    ...check(['topology', topology === undefined ? [] : [topology]]),
    ...(Object.entries(sources) as [FigureSource, string[] | undefined][]).flatMap(check),
    ...checkShows(figure, path, source),
  ];
}

const sourceWords: Readonly<Record<FigureSource, string>> = {
  topology: 'topology',
  strip: 'topology',
  terminal: 'capture',
  routeTable: 'capture of routes',
  rtt: 'capture of a ping',
  loss: 'capture of a ping',
  time: 'experiment',
};

function figureNames({ experiments }: Study): Record<FigureSource, string[]> {
  const steps = experiments.flatMap(({ steps }) => steps);
  const commands = steps.flatMap(({ commands }) => commands ?? []);
  const read = (wanted?: string): string[] =>
    commands.flatMap(({ capture, parse }) => (capture !== undefined && parse === (wanted ?? parse) ? [capture] : []));
  const topologies = steps.flatMap(({ topology }) => topology ?? []);
  return {
    topology: topologies,
    strip: topologies,
    terminal: read(),
    routeTable: read('routes'),
    rtt: read('ping'),
    loss: read('ping'),
    time: experiments.map(({ id }) => id),
  };
}

/** An expectation is of the same kind as its figure, and names every capture that the figure shows. */
function checkShows(
  { shows, topology, terminal, routeTable }: Figure,
  path: YamlPath,
  source: StudySource,
): StudyProblem[] {
  if (shows === undefined) return [];
  const at = (...rest: YamlPath): YamlPath => [...path, 'shows', ...rest];
  const masks = checkMasks(
    shows.masks,
    shows.topology === undefined ? textMaskNames : topologyMaskNames,
    at('masks'),
    source,
  );
  if (shows.outputs === undefined) {
    if (topology !== undefined) return masks;
    return [...masks, source.problem(at('topology'), "only a figure that is a 'topology' can show one")];
  }
  const shown = terminal ?? routeTable;
  if (shown === undefined)
    return [...masks, source.problem(at('outputs'), 'only a figure of captures can show outputs')];
  const named = Object.keys(shows.outputs);
  const stray = named.filter((name) => !shown.includes(name));
  const missing = shown.filter((name) => !named.includes(name));
  return [
    ...masks,
    ...stray.map((name) =>
      source.problem(at('outputs', name), `the figure has no capture '${name}'${suggest(name, shown)}`),
    ),
    ...missing.map((name) => source.problem(at('outputs'), `what '${name}' shows is missing`)),
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
      : [source.problem([...path, index], `'${mask}' is no mask of this kind: ${known.join(', ')}`)],
  );
}
