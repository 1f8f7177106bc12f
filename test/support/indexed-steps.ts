import { readParts, StudyIndex, type IndexedStep } from '../../src/study/study-index.ts';
import type { Step, Study } from '../../src/study/schema.ts';

/** The steps of one experiment as a study's index has them. `scripts`: each script's text by its path. */
export async function indexedSteps(
  steps: readonly Step[],
  scripts: readonly (readonly [path: string, text: string])[] = [],
): Promise<readonly IndexedStep[]> {
  const experiment = { id: 'one', section: '1', title: { en: 'One', zh: '一' }, steps: [...steps] };
  const study = { experiments: [experiment], figures: [], claims: [] } as unknown as Study;
  const files = scripts.map(([path, text]) => ({ path, content: Buffer.from(text) }));
  return new StudyIndex(study, await readParts(study, files, { file: 'study.yaml', lineOf: () => null })).steps;
}
