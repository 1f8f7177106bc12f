import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { exitStatus, InterruptedError, RefigureError } from '../core/errors.ts';
import { withScope } from '../core/scope.ts';
import { stderr } from '../core/terminal.ts';
import { prepareProvider } from '../provider/registry.ts';
import { StepStates } from '../run/step-states.ts';
import { studyDigest } from '../study/digest.ts';
import type { LoadedStudy } from '../study/load.ts';
import { loadCheckedStudy } from './checked-study.ts';
import type { Interrupts } from './interrupts.ts';
import { judgeAgain, ranAlready } from './judge-again.ts';
import { inKeptGuest, keptGuest } from './kept-guest.ts';
import { rerun } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { tellRun } from './told-run.ts';
import { WatchedFolders } from './watch-files.ts';

/**
 * Runs a study, and again with each change of its files: from the state of the guest before the first step that is another
 * one now. Where claims, figures or words alone changed, no step runs, and what was printed is judged again. Resolves at Ctrl-C
 * between runs, with the status of the last; one in a run interrupts that, and ends it all.
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
    scope.defer('the guest that waits for a change could not be stopped', () => states.close());
    const own = await studyFile(path);
    watched.watch([own]);
    let status: number = exitStatus.upheld;
    let seen: string | null = null;
    const last = new LastRun();
    for (;;) {
      interrupts.signal.throwIfAborted();
      const study = await readStudy(path);
      if (study.files !== null) watched.watch(study.files);
      if (study.digest === null || study.digest !== seen) {
        status = await runOnce(path, options, { interrupts, states, last, study: study.loaded });
        say(options, 'Waiting for a change of the study; Ctrl-C ends.');
      }
      seen = study.digest;
      states.prepare(); // the next guest, meanwhile
      await prepareProvider(keptGuest);
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
  readonly loaded: LoadedStudy | null;
}

/** The folder of the newest run that came to its end; null before there is one. */
class LastRun {
  folder: string | null = null;
}

async function readStudy(path: string): Promise<ReadStudy> {
  try {
    const loaded = await loadCheckedStudy(path);
    const { files } = loaded;
    const folder = dirname(await studyFile(path));
    return { digest: studyDigest(files), files: files.map((file) => join(folder, file.path)), loaded };
  } catch (error) {
    if (error instanceof RefigureError) return { digest: null, files: null, loaded: null }; // the run tells it
    throw error;
  }
}

async function studyFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => null);
  return resolve(info?.isDirectory() === true ? join(path, 'study.yaml') : path);
}

interface Watching {
  readonly interrupts: Interrupts;
  readonly states: StepStates;
  readonly last: LastRun;
  /** null: it is broken. */
  readonly study: LoadedStudy | null;
}

/**
 * Runs the study; where all that the newest run did is as it was, that is judged again instead. What is wrong with a study, or
 * a run, is told, and the next change is waited for; not so an interrupt.
 */
async function runOnce(
  path: string,
  options: RunCommandOptions,
  { interrupts, states, last, study }: Watching,
): Promise<number> {
  try {
    const { folder } = last;
    if (folder !== null && study !== null && (await ranAlready(folder, study)))
      return await tellRun(options, interrupts, ({ events }) => judgeAgain(folder, study, events));
    return await tellRun(options, interrupts, async (around) => {
      let own: string | null = null;
      around.events.listen((event) => {
        if (event.kind === 'run-start') own = event.folder;
      });
      const status = await rerun(path, options, around, { states, loaded: study });
      last.folder = own;
      return status;
    });
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
