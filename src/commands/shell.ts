import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatus, UsageError } from '../core/errors.ts';
import { shellQuote } from '../core/shell.ts';
import { stderr } from '../core/terminal.ts';
import { ProviderRegistry } from '../provider/registry.ts';
import type { StepPlace } from '../run/events.ts';
import type { KeptGuest } from '../run/run-parts.ts';
import { runStudy } from '../run/run-study.ts';
import { placeText, selectBefore } from '../run/selection.ts';
import type { LoadedStudy } from '../study/load.ts';
import { attachShell } from './attach-shell.ts';
import { loadCheckedStudy } from './checked-study.ts';
import type { Interrupts } from './interrupts.ts';
import { prepareRun, type Surroundings } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { errorOf } from './run-status.ts';
import { tellRun } from './told-run.ts';

/** The options of `refigure shell`: those of a run that it has, too, mean the same. */
export interface ShellOptions extends Omit<RunCommandOptions, 'out' | 'until' | 'keep'> {
  /** The step before which the shell opens, as `EXPERIMENT/STEP`. */
  readonly at: string;
}

/**
 * Runs a study up to a step, and opens a shell there in place of it. The guest goes when the shell ends. The status is 0 then,
 * whatever was the shell's own.
 */
export function shellCommand(path: string, options: ShellOptions, interrupts: Interrupts): Promise<number> {
  // Lines: a list would have a report to write, which nobody makes.
  const told = options.quiet === true ? { quiet: true as const } : { reporter: ['plain' as const] };
  return tellRun(told, interrupts, (around) => shellAt(path, options, around));
}

async function shellAt(path: string, options: ShellOptions, around: Surroundings): Promise<number> {
  await refuseBorrowed(options);
  const folder = await mkdtemp(join(tmpdir(), 'refigure-shell-'));
  let place: StepPlace = { experiment: '', step: '' };
  const out = join(folder, 'run');
  const loaded = await loadCheckedStudy(path);
  const { run, options: running } = await prepareRun(loaded, { ...options, keep: true, out }, around, (study) => {
    const before = selectBefore(study, options.at, options.only);
    ({ place } = before);
    return before;
  });
  const outcome = await runStudy(run, running);
  // Of a run that failed the evidence stays: the error tells where it is.
  if (outcome.state === 'partial') throw errorOf(outcome);
  around.scope.defer(`the folder ${folder} could not be removed`, () => rm(folder, { recursive: true, force: true }));
  const { signal } = around.interrupts;
  signal.throwIfAborted();
  if (outcome.kept === null) throw new Error('a guest that is to be kept is kept');
  if (options.quiet !== true) stderr.write(welcome(run.loaded, place));
  around.interrupts.during = 'the shell';
  await attachShell(outcome.kept.guest, commandFor(outcome.kept, place), { signal });
  return exitStatus.upheld;
}

/** Such a machine is left as it was, so that a shell in it would find nothing of the run. */
async function refuseBorrowed({ guest, catalogue }: ShellOptions): Promise<void> {
  const registry = await ProviderRegistry.load(catalogue);
  if (guest === 'auto' || (await registry.named(guest)).terms.ownership !== 'borrowed') return;
  throw new UsageError(
    'A machine that you have is left as it was before the run, so that a shell would find nothing of it.',
    'Name a guest of ours, as --guest embedded; into your own machine ssh leads.',
  );
}

/** What the step would run, for whoever tries it by hand. */
function welcome({ index }: LoadedStudy, place: StepPlace): string {
  const { program } = index.step(place.experiment, place.step) ?? { program: null };
  const commands = program?.commands.map(({ text }) => `  ${text.replaceAll('\n', '\n  ')}`) ?? [];
  const lines = [
    `This guest is as the step ${placeText(place)} finds it. The step would run:`,
    ...commands,
    '`exit` ends the shell, and the guest.',
  ];
  return `${lines.join('\n')}\n`;
}

/** As the step's own program is run: in the folder of the study's files. */
function commandFor({ folders }: KeptGuest, place: StepPlace): string {
  const [study, prompt] = [shellQuote(folders.study), shellQuote(`${placeText(place)} # `)];
  const environment = `REFIGURE_STUDY=${study} PS1=${prompt}`;
  return `cd ${study} && export ${environment} && if [ -t 0 ]; then exec sh -i; else exec sh; fi`;
}
