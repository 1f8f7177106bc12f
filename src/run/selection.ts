import { UsageError } from '../core/errors.ts';
import type { Experiment, Study } from '../study/schema.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { StepPlace } from './events.ts';

/** What of a study is to run. */
export interface Selection {
  /** In the study's order. */
  readonly experiments: readonly Experiment[];
  /** The last step that runs, of the last of the experiments; null: all of their steps run. */
  readonly until: StepPlace | null;
  /** The step before which the guest is to go on from a state of an earlier run; null: it begins anew. */
  readonly from: StepPlace | null;
}

export interface Wanted {
  /** Ids of experiments; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** Those that the study names as `quick`. */
  readonly quick?: true | undefined;
  /** The last step that is to run, as `EXPERIMENT/STEP`; a step that is the only one of its name may stand alone. */
  readonly until?: string | undefined;
  /** The step to go on from, named likewise. */
  readonly from?: string | undefined;
}

/** Throws UsageError where the study has no such experiment or step, or names none as quick. */
export function select(study: Study, { only, quick, until, from }: Wanted): Selection {
  const experiments = experimentsToRun(study, quick === true ? quickOf(study) : only);
  const last = until === undefined ? null : findStep(study, experiments, until);
  const running = last === null ? experiments : experiments.slice(0, indexOf(experiments, last) + 1);
  const first = from === undefined ? null : findStep(study, running, from);
  if (first !== null && last !== null && first.experiment === last.experiment) requireOrder(running, first, last);
  return { experiments: running, until: last, from: first };
}

function requireOrder(experiments: readonly Experiment[], first: StepPlace, last: StepPlace): void {
  const steps = experiments[indexOf(experiments, first)]?.steps ?? [];
  const place = ({ step }: StepPlace): number => steps.findIndex(({ id }) => id === step);
  if (place(first) <= place(last)) return;
  throw new UsageError(
    `The step ${placeText(first)} comes behind ${placeText(last)}, where the run ends.`,
    'Name a step for --from that is not behind the one of --until.',
  );
}

/** All that runs before a step, named as for `until`; nothing where it is the first. */
export function selectBefore(study: Study, step: string, only?: readonly string[]): Selection & { place: StepPlace } {
  const experiments = experimentsToRun(study, only);
  const place = findStep(study, experiments, step);
  const index = indexOf(experiments, place);
  const own = experiments[index];
  const steps = own?.steps ?? [];
  const before = steps[steps.findIndex(({ id }) => id === place.step) - 1];
  // A cell in a guest of its own has nothing of what runs elsewhere.
  const [earlier, upToHere] =
    own?.cell?.guest === 'clean' ? [[], [own]] : [experiments.slice(0, index), experiments.slice(0, index + 1)];
  if (before === undefined) return { experiments: earlier, until: null, from: null, place };
  return {
    experiments: upToHere,
    from: null,
    until: { experiment: place.experiment, step: before.id },
    place,
  };
}

/** Those of an experiment's steps that run. */
export function stepsToRun({ until }: Pick<Selection, 'until'>, steps: readonly IndexedStep[]): readonly IndexedStep[] {
  if (until === null || steps[0]?.experiment.id !== until.experiment) return steps;
  return steps.slice(0, steps.findIndex(({ step }) => step.id === until.step) + 1);
}

/**
 * The experiments to run, in the study's order: all, or those that are named with those whose state they build on. A name in
 * the study's file means each cell of that experiment; one of them alone is named with its values.
 */
function experimentsToRun(study: Study, only: readonly string[] | undefined): readonly Experiment[] {
  if (only === undefined) return study.experiments;
  const byId = new Map(study.experiments.map((experiment) => [experiment.id, experiment]));
  const needed = new Set<string>();
  for (const name of only) {
    const named = study.experiments.filter(({ id, cell }) => id === name || cell?.of === name);
    if (named.length === 0) throw noSuchExperiment(study, name);
    for (const { id } of named) {
      for (let next: string | undefined = id; next !== undefined; next = byId.get(next)?.after) needed.add(next);
    }
  }
  return study.experiments.filter(({ id }) => needed.has(id));
}

function quickOf({ id, quick }: Study): readonly string[] {
  if (quick !== undefined) return quick;
  throw new UsageError(
    `The study ${id} does not say what of it is quick.`,
    'Name experiments with --only, or list them in the study: `quick: [EXPERIMENT]`.',
  );
}

function noSuchExperiment({ id, experiments }: Study, only: string): UsageError {
  const known = [...new Set(experiments.map((experiment) => experiment.cell?.of ?? experiment.id))].join(', ');
  return new UsageError(`The study ${id} has no experiment '${only}'.`, `Its experiments: ${known}.`);
}

function findStep({ id: study }: Study, experiments: readonly Experiment[], name: string): StepPlace {
  const places = experiments.flatMap(({ id, steps }) => steps.map((step) => ({ experiment: id, step: step.id })));
  const found = places.filter(({ experiment, step }) => `${experiment}/${step}` === name || step === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const exact = found.find(({ experiment, step }) => `${experiment}/${step}` === name);
  if (exact !== undefined) return exact;
  const known = (first === undefined ? places : found).map(placeText).join(', ');
  throw first === undefined
    ? new UsageError(`The study ${study} runs no step '${name}' here.`, `Its steps: ${known}.`)
    : new UsageError(`Several steps have the name '${name}'.`, `Say which: ${known}.`);
}

export function placeText({ experiment, step }: StepPlace): string {
  return `${experiment}/${step}`;
}

function indexOf(experiments: readonly Experiment[], { experiment }: StepPlace): number {
  return experiments.findIndex(({ id }) => id === experiment);
}
