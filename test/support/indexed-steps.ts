import { scriptCommands } from '../../src/study/script-commands.ts';
import { StudyIndex, type IndexedStep } from '../../src/study/study-index.ts';
import type { Step, Study } from '../../src/study/schema.ts';

/** The steps of one experiment as a study's index has them. `scripts`: each script's text by its path. */
export async function indexedSteps(
  steps: readonly Step[],
  scripts: readonly (readonly [path: string, text: string])[] = [],
): Promise<readonly IndexedStep[]> {
  const read = scripts.map(
    async ([path, text]) => [path, { text, commands: await scriptCommands(Buffer.from(text)) }] as const,
  );
  const experiment = { id: 'one', section: '1', title: { en: 'One', zh: '一' }, steps: [...steps] };
  const study = { experiments: [experiment], figures: [], claims: [] } as unknown as Study;
  return new StudyIndex(study, new Map(await Promise.all(read))).steps;
}
