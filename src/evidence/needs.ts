import type { Experiment } from '../study/schema.ts';
import type { Journal } from './journal.ts';
import type { Evidence } from './open.ts';

/** What the guest said of one thing that an experiment needs. */
export interface AskedNeed {
  readonly kind: string;
  readonly name: string;
  readonly state: 'there' | 'lacking' | 'unknown';
}

/** What an experiment's journal says of its needs, in the order in which they were asked for: see src/run/needs.sh. */
export function askedNeeds(journal: Journal | undefined): AskedNeed[] {
  const asked = journal?.commands.filter(({ purpose }) => purpose === 'needs') ?? [];
  return asked.flatMap(({ id: kind, subject: name, end }) => {
    if (kind === null || name === null || end === null) return [];
    return [{ kind, name, state: needState(kind, end.status) }];
  });
}

/** What the status says of the command that asked for it. */
export function needState(kind: string, status: number): AskedNeed['state'] {
  if (status === 0) return 'there';
  return kind === 'kernel' && status === 2 ? 'unknown' : 'lacking';
}

/** An experiment that did not run since the guest lacks what it needs, or what one needs that it builds on. */
export interface Skipped {
  /** Which of them needs it. */
  readonly experiment: string;
  readonly lacks: readonly AskedNeed[];
}

/** The experiments that were skipped, by id. */
export function skippedExperiments({
  loaded,
  journals,
}: Pick<Evidence, 'loaded' | 'journals'>): ReadonlyMap<string, Skipped> {
  const { experiments } = loaded.index;
  return new Map(
    [...experiments.values()].flatMap((experiment) => {
      const skipped = lackOf(experiment, experiments, journals);
      return skipped === null ? [] : [[experiment.id, skipped] as const];
    }),
  );
}

function lackOf(
  experiment: Experiment,
  experiments: ReadonlyMap<string, Experiment>,
  journals: Evidence['journals'],
): Skipped | null {
  for (let each: Experiment | undefined = experiment; each !== undefined;) {
    const lacks = askedNeeds(journals.get(each.id)).filter(({ state }) => state === 'lacking');
    if (lacks.length > 0) return { experiment: each.id, lacks };
    each = each.after === undefined ? undefined : experiments.get(each.after);
  }
  return null;
}
