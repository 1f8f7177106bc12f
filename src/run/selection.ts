import { UsageError } from '../core/errors.ts';
import type { Experiment, Study } from '../study/schema.ts';

/**
 * The experiments to run, in the study's order: all, or the one named with those whose state it builds on. A name in the
 * study's file means each cell of that experiment; one of them alone is named with its values.
 */
export function experimentsToRun(study: Study, only: string | undefined): readonly Experiment[] {
  if (only === undefined) return study.experiments;
  const byId = new Map(study.experiments.map((experiment) => [experiment.id, experiment]));
  const named = study.experiments.filter(({ id, cell }) => id === only || cell?.of === only);
  if (named.length === 0) throw noSuchExperiment(study, only);
  const needed = new Set<string>();
  for (const { id } of named) {
    for (let next: string | undefined = id; next !== undefined; next = byId.get(next)?.after) needed.add(next);
  }
  return study.experiments.filter(({ id }) => needed.has(id));
}

function noSuchExperiment({ id, experiments }: Study, only: string): UsageError {
  const known = [...new Set(experiments.map((experiment) => experiment.cell?.of ?? experiment.id))].join(', ');
  return new UsageError(`The study ${id} has no experiment '${only}'.`, `Its experiments: ${known}.`);
}
