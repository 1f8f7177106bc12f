import type { IndexedStep, StudyIndex } from '../study/study-index.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Whether a run was to go as far as the end of a step of one of its experiments: `--until` says where it stops. Without
 * that, or where the study has no such step, all of them were asked for.
 */
export function isStepAsked({ study: { until } }: RunRecord, index: StudyIndex, step: IndexedStep): boolean {
  const last = until === undefined ? undefined : index.step(until.experiment, until.step);
  return last === undefined || last.experiment.id !== step.experiment.id || step.number <= last.number;
}
