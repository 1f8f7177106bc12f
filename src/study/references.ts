import type { StudyProblem } from '../core/errors.ts';
import { cellsOf } from './expand.ts';
import { checkFigure } from './figure-references.ts';
import { checkMatrices } from './matrix-checks.ts';
import { checkNetworkNames } from './network-names.ts';
import { stepPath } from './places.ts';
import { isUnread, noSuchFile, type UnreadFile } from './read-file.ts';
import type { Step, Study, StudyCommand } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';
import { placesOf, type IndexedStep, type StudyIndex } from './study-index.ts';
import { suggest } from './suggest.ts';

/** The content of files by their paths, or why they are not read. */
export type Files = ReadonlyMap<string, Buffer | UnreadFile>;

/** What the schema cannot say: names that must exist, names that must differ, scripts that must fit. */
export function checkReferences(study: Study, index: StudyIndex, source: StudySource, scripts: Files): StudyProblem[] {
  return [
    ...checkNames(study, index, source),
    ...checkReserved(study, source),
    ...checkMatrices(study, source),
    ...checkNetworkNames(study, source),
    ...checkQuick(study, source),
    ...study.experiments.flatMap(({ steps }, experiment) =>
      steps.flatMap((step, at) =>
        checkStep(
          index.step(study.experiments[experiment]?.id ?? '', step.id),
          step,
          stepPath(experiment, at, step),
          source,
          scripts,
        ),
      ),
    ),
  ];
}

/** Of these what is relied on wherever a study is read, that of a saved run too. The others may become stricter. */
export function checkNames(study: Study, index: StudyIndex, source: StudySource): StudyProblem[] {
  return [
    ...checkUnique(study, source),
    ...checkOrder(study, source),
    ...study.figures.flatMap((figure, at) =>
      checkFigure(figure, ['figures', at], index, source, Object.keys(study.masks ?? {})),
    ),
    ...study.claims.flatMap(({ figure }, at) => {
      const known = [...index.figures.keys()];
      return figure === undefined || known.includes(figure)
        ? []
        : [source.problem(['claims', at, 'figure'], `there is no figure '${figure}'${suggest(figure, known)}`)];
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
    secondsIn(list).map(({ id, path, first }) => {
      const line = source.lineOf(first);
      const where = line === null ? '' : `; the first is in line ${line}`;
      return source.problem(path, `a second ${what} with the id '${id}'${where}`);
    }),
  );
}

/** Also those whose files would be one where the case of a file's name counts for nothing. */
function secondsIn(list: readonly Named[]): (Named & { readonly first: YamlPath })[] {
  const seen = new Map<string, YamlPath>();
  return list.flatMap((named) => {
    const name = named.id.toLowerCase();
    const first = seen.get(name);
    if (first === undefined) seen.set(name, named.path);
    return first === undefined ? [] : [{ ...named, first }];
  });
}

function captureNames(study: Study): Named[] {
  return study.experiments.flatMap(({ steps }, experiment) =>
    steps.flatMap((step, index) => {
      const path = stepPath(experiment, index, step);
      const commands = (step.commands ?? []).flatMap(({ capture }, command) =>
        capture === undefined ? [] : [{ id: capture, path: [...path, 'commands', command, 'capture'] }],
      );
      const beside = besideNames(step, path);
      const all = [...commands, ...beside];
      return step.topology === undefined ? all : [...all, { id: step.topology, path: [...path, 'topology'] }];
    }),
  );
}

/** Of processes in the background, and of files. */
function besideNames({ background = [], collect = [] }: Step, path: YamlPath): Named[] {
  return [
    ...background.map(({ name }, at) => ({ id: name, path: [...path, 'background', at, 'name'] })),
    ...collect.map(({ capture }, at) => ({ id: capture, path: [...path, 'collect', at, 'capture'] })),
  ];
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
    const above = study.experiments.slice(0, index);
    const earlier = above.map(({ id }) => id);
    if (above.find(({ id }) => id === after)?.matrix !== undefined) {
      const message = `'after' names one state, and '${String(after)}' runs more than once`;
      return [source.problem(['experiments', index, 'after'], message)];
    }
    if (after === undefined || earlier.includes(after)) return [];
    const message = `'after' must name an experiment above this one, and '${after}' is none`;
    return [source.problem(['experiments', index, 'after'], `${message}${suggest(after, earlier)}`)];
  });
}

/** Not where the parameters themselves are at fault: then there are no cells to be named. */
function checkQuick(study: Study, source: StudySource): StudyProblem[] {
  const { experiments, quick = [] } = study;
  if (checkMatrices(study, source).length > 0) return [];
  const known = new Set(
    experiments.flatMap(({ id, matrix }) =>
      matrix === undefined ? [id] : [id, ...cellsOf(matrix, id).map(({ suffix }) => id + suffix)],
    ),
  );
  return quick.flatMap((name, index) => {
    const at = ['quick', index];
    if (quick.indexOf(name) < index) return [source.problem(at, `'${name}' a second time`)];
    return known.has(name) ? [] : [source.problem(at, `there is no experiment '${name}'${suggest(name, [...known])}`)];
  });
}

function checkStep(
  indexed: IndexedStep | undefined,
  step: Step,
  path: YamlPath,
  source: StudySource,
  scripts: Files,
): StudyProblem[] {
  const commands = step.commands ?? [];
  const problems = commands.flatMap(({ parse, capture }, index) =>
    parse !== undefined && capture === undefined
      ? [source.problem([...path, 'commands', index, 'parse'], "'parse' needs a 'capture' to name what is read")]
      : [],
  );
  if (step.script === undefined) {
    if (step.exits !== undefined) {
      problems.push(
        source.problem([...path, 'exits'], "'exits' of a step is for its script; here each command says its own"),
      );
    }
    if (commands.length > 0) return problems;
    return [...problems, source.problem(path, `step '${step.id}' has neither a script nor commands`)];
  }
  return [
    ...problems,
    ...checkScript(
      step,
      wholeText(indexed),
      step.script,
      path,
      source,
      scripts.get(step.script) ?? { why: noSuchFile },
    ),
  ];
}

/** How a script is called that runs as one command: what an annotation of that command says. */
function wholeText(step: IndexedStep | undefined): string | null {
  const program = step?.program;
  return program?.traced.kind === 'whole' ? (program.commands[0]?.text ?? null) : null;
}

function checkScript(
  step: Step,
  whole: string | null,
  script: string,
  path: YamlPath,
  source: StudySource,
  content: Buffer | UnreadFile,
): StudyProblem[] {
  const at = [...path, 'script'];
  if (isUnread(content)) return [source.problem(at, `the script ${script} cannot be read: ${content.why}`)];
  if (content.includes(0x0d)) {
    const message = `the script ${script} has carriage returns (CRLF line ends); a shell would take them as text`;
    return [source.problem(at, `${message}: save it with LF`)];
  }
  return checkAnnotations(step.commands ?? [], whole, script, content.toString('utf8'), [...path, 'commands'], source);
}

/** An annotation is found by the whole text of its command; the second one with a text is for its second run. */
function checkAnnotations(
  commands: readonly StudyCommand[],
  whole: string | null,
  script: string,
  text: string,
  path: YamlPath,
  source: StudySource,
): StudyProblem[] {
  const lines = text.split('\n').map((line) => line.trim());
  return commands.flatMap(({ run }, index) => {
    if (run === whole) return [];
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
