import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { loadStudy, type LoadedStudy } from '../../src/study/load.ts';
import { smallStudy } from '../support/small-study.ts';

export interface ShellExperiment {
  readonly id: string;
  readonly after?: string;
  /** By step: its commands, or the text of its script. */
  readonly steps: Readonly<Record<string, readonly ShellCommand[] | string>>;
}

export interface ShellCommand {
  readonly run: string;
  readonly capture?: string;
  readonly separate?: boolean;
  readonly limitSeconds?: number;
}

/** Writes a study of commands that any Linux has to a folder, and loads it as every study is loaded. */
export async function shellStudy(folder: string, experiments: readonly ShellExperiment[]): Promise<LoadedStudy> {
  await mkdir(folder, { recursive: true });
  const scripts = new Map<string, string>();
  const study = {
    ...(parse(smallStudy) as Record<string, unknown>),
    experiments: experiments.map(({ id, after, steps }) => ({
      id,
      section: '1',
      title: { en: id, zh: id },
      ...(after === undefined ? {} : { after }),
      steps: Object.entries(steps).map(([step, content]) => {
        const common = { id: step, title: { en: step, zh: step }, origin: 'added' };
        if (typeof content !== 'string') return { ...common, commands: content };
        scripts.set(`${id}-${step}.sh`, content);
        return { ...common, script: `${id}-${step}.sh` };
      }),
    })),
    figures: [],
    claims: [{ id: 'sure', origin: 'added', statement: { en: 'It is so', zh: '如此' }, expect: 'true' }],
  };
  await writeFile(join(folder, 'study.yaml'), stringify(study));
  await Promise.all([...scripts].map(([path, content]) => writeFile(join(folder, path), content)));
  return loadStudy(folder);
}
