import { readFile } from 'node:fs/promises';
import type { OpenGuest } from '../../src/core/guest.ts';
import { packagePath } from '../../src/core/package.ts';
import { readJournal, type Journal } from '../../src/evidence/journal.ts';
import { followJournal } from '../../src/run/follow.ts';
import {
  followCommand,
  isExecutable,
  ownScripts,
  planExperiment,
  planFile,
  type ExperimentOptions,
  type GuestFolders,
} from '../../src/run/plan.ts';
import type { Step } from '../../src/study/schema.ts';
import { ofSteps } from '../run/shells.ts';
import { indexedSteps } from '../support/indexed-steps.ts';

export interface StudyPart {
  /** Names the experiment. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** The scripts that the steps name. */
  readonly files: readonly { readonly path: string; readonly content: Buffer }[];
  readonly options?: ExperimentOptions;
}

/** A plan runs once in its folder. */
let plans = 0;

const nonce = '0123456789abcdef01234567';

/** Pushes a plan with all that it needs; what comes back is the command that starts and follows it, by offset. */
export async function pushPlan(guest: Pick<OpenGuest, 'upload'>, part: StudyPart): Promise<(offset: number) => string> {
  const folders = await push(guest, part);
  return (offset) => followCommand(folders, part.name, offset);
}

/**
 * Runs steps in a guest as a run does, by the real plan, journal.sh and probes.sh. `shell`: the `sh` of the plan and of its
 * programs, where that is to be another than /bin/sh.
 */
export async function runPlan(
  guest: Pick<OpenGuest, 'execute' | 'upload' | 'lost'>,
  part: StudyPart,
  shell?: string,
): Promise<Journal> {
  if (shell === undefined) {
    const pieces: Buffer[] = [];
    await followJournal({
      guest,
      command: await pushPlan(guest, part),
      onBytes: (bytes) => pieces.push(bytes),
      onEvent: () => undefined,
      onLost: () => undefined,
      silenceMs: 120_000,
      signal: new AbortController().signal,
    });
    return ofSteps(readJournal(Buffer.concat(pieces)));
  }
  const { base } = await push(guest, part);
  const install = `mkdir ${base}/bin && printf '#!/bin/sh\\nexec ${shell} "$@"\\n' >${base}/bin/sh && chmod +x ${base}/bin/sh`;
  const { output, errorOutput } = await guest.execute(
    `${install} && PATH=${base}/bin:$PATH ${shell} ${base}/${planFile(part.name)} ${base}/done 2>&1 < /dev/null`,
  );
  const journal = readJournal(output);
  if (journal.complete) return ofSteps(journal);
  throw new Error(`The journal was cut off: ${output.toString()}${errorOutput.toString()}`);
}

async function push(
  guest: Pick<OpenGuest, 'upload'>,
  { name, steps, files, options }: StudyPart,
): Promise<GuestFolders> {
  plans += 1;
  const base = `/tmp/${name}-${plans}`;
  const folders = { base, study: `${base}/study` };
  const scripts = files.map(({ path, content }) => [path, content.toString()] as const);
  const plan = planExperiment(await indexedSteps(steps, scripts), folders, nonce, options);
  const own = ownScripts.map(async (path) => ({
    path,
    content: await readFile(packagePath(`src/run/${path}`)),
  }));
  const uploads = [
    ...(await Promise.all(own)),
    ...files.map(({ path, content }) => ({ path: `study/${path}`, content })),
    ...plan.files.map(([path, content]) => ({ path, content })),
    { path: planFile(name), content: Buffer.from(plan.text) },
  ];
  await guest.upload(
    base,
    uploads.map((file) => ({ ...file, executable: isExecutable(file.content) })),
  );
  return folders;
}

/** A step as a study declares it, reduced to what a plan is made of. */
export function step(id: string, rest: Pick<Step, 'commands' | 'script' | 'topology'>): Step {
  return { id, title: { en: id, zh: id }, origin: 'text', ...rest };
}
