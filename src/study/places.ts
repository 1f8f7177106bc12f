import type { Step } from './schema.ts';
import type { YamlPath } from './source.ts';

/** Where a step stands in the study's file; `experiment` and `index`: its place in the study, where the file has it there. */
export function stepPath(experiment: number, index: number, { at }: Step): YamlPath {
  return at ?? ['experiments', experiment, 'steps', index];
}
