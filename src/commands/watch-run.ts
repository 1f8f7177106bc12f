import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { exitStatus, InterruptedError, RefigureError } from '../core/errors.ts';
import { withScope } from '../core/scope.ts';
import { stderr } from '../core/terminal.ts';
import { prepareProvider } from '../provider/registry.ts';
import { StepStates } from '../run/step-states.ts';
import { studyDigest } from '../study/digest.ts';
import { loadCheckedStudy } from './checked-study.ts';
import type { Interrupts } from './interrupts.ts';
import { inKeptGuest, keptGuest } from './kept-guest.ts';
import { rerun } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { tellRun } from './told-run.ts';
import { WatchedFolders } from './watch-files.ts';

/**
 * Runs a study, and again with each change of its files: from the state of the guest before the first step that is another
 * one now. Resolves at Ctrl-C between runs, with the status of the last; one in a run interrupts that, and ends it all.
 */
export async function watchRun(path: string, asked: RunCommandOptions, interrupts: Interrupts): Promise<number> {
  const options = inKeptGuest(asked, '--watch');
  return withScope(async (scope) => {
    const folder = await mkdtemp(join(tmpdir(), 'refigure-states-'));
    scope.defer(`the folder ${folder} could not be removed`, () => rm(folder, { recursive: true, force: true }));
    const watched = new WatchedFolders();
    scope.defer('the files could not be let go', () => {
      watched.close();
    });
    const states = new StepStates(folder);
    const own = await studyFile(path);
    watched.watch([own]);
    let status: number = exitStatus.upheld;
    let seen: string | null = null;
    for (;;) {
      interrupts.signal.throwIfAborted();
      const study = await readStudy(path);
      if (study.files !== null) watched.watch(study.files);
      if (study.digest === null || study.digest !== seen) {
        status = await runOnce(path, options, { interrupts, states });
        say(options, 'Waiting for a change of the study; Ctrl-C ends.');
      }
      seen = study.digest;
      await prepareProvider(keptGuest); // the next emulator, meanwhile
      const ended = interrupts.next().then(() => true);
      if (await Promise.race([ended, watched.next().then(() => false)])) return status;
      interrupts.cancelNext();
    }
  });
}

interface ReadStudy {
  /** null: it is broken, and is read again with whatever changes. */
  readonly digest: string | null;
  readonly files: readonly string[] | null;
}

async function readStudy(path: string): Promise<ReadStudy> {
  try {
    const { files } = await loadCheckedStudy(path);
    const folder = dirname(await studyFile(path));
    return { digest: studyDigest(files), files: files.map((file) => join(folder, file.path)) };
  } catch (error) {
    if (error instanceof RefigureError) return { digest: null, files: null }; // the run tells it
    throw error;
  }
}

async function studyFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  return resolve(info?.isDirectory() === true ? join(path, 'study.yaml') : path);
}

/** What is wrong with a study, or a run, is told, and the next change is waited for; not so an interrupt. */
async function runOnce(
  path: string,
  options: RunCommandOptions,
  { interrupts, states }: { readonly interrupts: Interrupts; readonly states: StepStates },
): Promise<number> {
  try {
    return await tellRun(options, interrupts, (around) => rerun(path, options, around, states));
  } catch (error) {
    if (!(error instanceof RefigureError) || error instanceof InterruptedError) throw error;
    interrupts.signal.throwIfAborted();
    stderr.write(`${error.message}\n${error.hint}\n`);
    return error.exitStatus;
  }
}

function say(options: RunCommandOptions, line: string): void {
  if (options.quiet !== true) stderr.write(`${line}\n`); // standard output may be JSON alone
}
