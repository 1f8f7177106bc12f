import { UsageError } from '../core/errors.ts';
import type { Experiment, Study } from '../study/schema.ts';

/** The experiments to run, in the study's order: all, or the one named with those whose state it builds on. */
export function experimentsToRun(study: Study, only: string | undefined): readonly Experiment[] {
  if (only === undefined) return study.experiments;
  const byId = new Map(study.experiments.map((experiment) => [experiment.id, experiment]));
  const needed = new Set<string>();
  for (let next: string | undefined = only; next !== undefined; next = byId.get(next)?.after) {
    if (!byId.has(next)) {
      const known = [...byId.keys()].join(', ');
      throw new UsageError(`The study ${study.id} has no experiment '${next}'.`, `Its experiments: ${known}.`);
    }
    needed.add(next);
  }
  return study.experiments.filter(({ id }) => needed.has(id));
}
