import {
  cellSuffixes,
  cellText,
  combinationsOf,
  filledIn,
  withParameters,
  type Cell,
  type Matrix,
} from './parameters.ts';
import type { Background } from './background.ts';
import { stepPath } from './places.ts';
import type { Claim, Experiment, Prose, Step, Study, StudyCommand } from './schema.ts';
import type { YamlPath } from './source.ts';

/**
 * The study as it is run: an experiment with parameters or repeats becomes one for each of its cells, with captures of its own
 * (`probe.delay-10.loss-0.1`). A cell in a guest of its own first does what the experiments do that it builds on; nothing of
 * that is captured a second time. A study without cells stays as it is.
 */
export function expandStudy(study: Study): Study {
  if (study.experiments.every(({ matrix }) => matrix === undefined)) return study;
  const written = new Map(study.experiments.map((experiment, place) => [experiment.id, { experiment, place }]));
  const experiments = study.experiments.flatMap((experiment, place) =>
    experiment.matrix === undefined
      ? [experiment]
      : cellsOf(experiment.matrix, experiment.id).map(({ cell, suffix }) =>
          experimentOf({ experiment, place }, cell, suffix, written),
        ),
  );
  return { ...study, experiments, claims: study.claims.map(withNamedParameters) };
}

/** A statement that speaks of each value names the parameter, as *delay*. */
function withNamedParameters(claim: Claim): Claim {
  if (claim.for === undefined) return claim;
  const names = claim.for;
  const named = (text: string): string => filledIn(text, (name) => (names.includes(name) ? `*${name}*` : undefined));
  return { ...claim, statement: { en: named(claim.statement.en), zh: named(claim.statement.zh) } };
}

interface Placed {
  readonly experiment: Experiment;
  readonly place: number;
}

/** The cells of an experiment, in the order in which they run: each combination's repeats one after the other. */
export function cellsOf(matrix: Matrix, of: string): { readonly cell: Cell; readonly suffix: string }[] {
  const suffixes = cellSuffixes(matrix);
  const { repeat: repeats, guest } = matrix;
  return combinationsOf(matrix).flatMap((parameters, index) =>
    Array.from({ length: repeats }, (_, before) => ({
      cell: { of, parameters, repeat: before + 1, repeats, guest },
      suffix: (suffixes[index] ?? '') + (repeats > 1 ? `.${before + 1}` : ''),
    })),
  );
}

function experimentOf(
  { experiment, place }: Placed,
  cell: Cell,
  suffix: string,
  written: ReadonlyMap<string, Placed>,
): Experiment {
  const { after, ...rest } = experiment;
  const isClean = cell.guest === 'clean';
  const before = isClean ? stepsBefore(experiment, written, suffix) : [];
  const own = experiment.steps.map((step, index) => stepOf(step, stepPath(place, index, step), cell, suffix));
  return {
    ...rest,
    matrix: undefined,
    id: experiment.id + suffix,
    title: titleOf(experiment.title, cell),
    ...(isClean || after === undefined ? {} : { after }),
    steps: [...before, ...own],
    cell,
  };
}

function titleOf({ en, zh }: Prose, cell: Cell): Prose {
  return { en: `${en}: ${cellText(cell)}`, zh: `${zh}：${cellText(cell, (number) => `第 ${number} 次`)}` };
}

/** The steps of the experiments that one builds on, from the first on, without their captures. */
function stepsBefore({ after }: Experiment, written: ReadonlyMap<string, Placed>, suffix: string): Step[] {
  const chain: Placed[] = [];
  for (let id = after; id !== undefined; id = chain[0]?.experiment.after) {
    const found = written.get(id);
    // What `after` may name is checked before; this ends what would go round.
    if (found === undefined || chain.includes(found)) break;
    chain.unshift(found);
  }
  return chain.flatMap(({ experiment, place }) =>
    experiment.steps.map((step, index) => {
      const commands = step.commands?.map((command): StudyCommand => ({ ...command, capture: undefined }));
      return {
        ...step,
        topology: undefined,
        collect: undefined,
        background: step.background?.map((each) => ({ ...each, name: each.name + suffix })),
        id: `${experiment.id}.${step.id}`,
        at: stepPath(place, index, step),
        prepares: true,
        ...(commands === undefined ? {} : { commands }),
      };
    }),
  );
}

function stepOf(step: Step, at: YamlPath, { parameters }: Cell, suffix: string): Step {
  const commands = step.commands?.map((command): StudyCommand => ({
    ...command,
    // What stands in a script reads its parameters as variables.
    run: step.script === undefined ? withParameters(command.run, parameters) : command.run,
    ...(command.capture === undefined ? {} : { capture: command.capture + suffix }),
  }));
  const filled = (text: string): string => withParameters(text, parameters);
  return {
    ...step,
    at,
    background: step.background?.map((each) => backgroundOf(each, filled, suffix)),
    collect: step.collect?.map((each) => ({ ...each, file: filled(each.file), capture: each.capture + suffix })),
    ...(commands === undefined ? {} : { commands }),
    ...(step.topology === undefined ? {} : { topology: step.topology + suffix }),
  };
}

function backgroundOf(each: Background, filled: (text: string) => string, suffix: string): Background {
  const { run, name, ready } = each;
  return {
    ...each,
    run: filled(run),
    name: name + suffix,
    ...(ready !== undefined && 'succeeds' in ready ? { ready: { succeeds: filled(ready.succeeds) } } : {}),
  };
}
