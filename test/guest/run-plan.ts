import { readFile } from 'node:fs/promises';
import type { Guest } from '../../src/core/guest.ts';
import { packagePath } from '../../src/core/package.ts';
import { readJournal, type Journal } from '../../src/evidence/journal.ts';
import { planCommand, planExperiment } from '../../src/run/plan.ts';
import type { Step } from '../../src/study/schema.ts';

export interface StudyPart {
  /** Names the folder in the guest. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** The scripts that the steps name. */
  readonly files: readonly { readonly path: string; readonly content: Buffer }[];
}

const nonce = '0123456789abcdef01234567';

/** Runs steps in a guest as a run does, by the real plan, journal.sh and topology.sh. `shell`: other than /bin/sh. */
export async function runPlan(
  guest: Pick<Guest, 'execute' | 'upload'>,
  { name, steps, files }: StudyPart,
  shell?: string,
): Promise<Journal> {
  const base = `/tmp/${name}`;
  const plan = planExperiment(steps, { base, study: `${base}/study` }, nonce);
  const own = ['journal.sh', 'topology.sh'].map(async (path) => ({
    path,
    content: await readFile(packagePath(`src/run/${path}`)),
  }));
  const uploads = [
    ...(await Promise.all(own)),
    ...files.map(({ path, content }) => ({ path: `study/${path}`, content })),
    { path: 'plan.sh', content: Buffer.from(plan.text) },
  ];
  await guest.upload(
    base,
    uploads.map((file) => ({ ...file, executable: false })),
  );
  const file = `${base}/plan.sh`;
  const { output, errorOutput } = await guest.execute(
    shell === undefined ? planCommand(file, `${base}/journal`) : `${shell} ${file} 2>&1 < /dev/null`,
  );
  const journal = readJournal(output);
  if (journal.complete) return journal;
  throw new Error(`The journal was cut off: ${output.toString()}${errorOutput.toString()}`);
}

/** A step as a study declares it, reduced to what a plan is made of. */
export function step(id: string, rest: Pick<Step, 'commands' | 'script' | 'topology'>): Step {
  return { id, title: { en: id, zh: id }, origin: 'text', ...rest };
}
