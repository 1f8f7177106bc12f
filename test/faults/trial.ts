import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { Cli, type StartOptions } from '../commands/cli.ts';
import { complaintsAbout } from './aftermath.ts';
import { goesOn, type Fault } from './fault.ts';
import { phaseOf, type Phase } from './phases.ts';
import { addSlowVagrant, makePlace, type Place } from './place.ts';

export interface TrialOptions {
  readonly cache: string;
  /** The command line as it is built, in place of its source. */
  readonly built: boolean;
}

/** How one fault at one phase came out. */
export interface Trial {
  /** null: the process was ended by a signal. */
  readonly status: number | null;
  /** What is not as it should be; empty: all is well. */
  readonly complaints: readonly string[];
}

/** The fault came when the run had got further already, as on a busy machine. */
class Missed extends Error {}

/** Provokes a fault at a phase of a run, and looks at what became of it. */
export async function tryFault(fault: Fault, phase: Phase, options: TrialOptions): Promise<Trial> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(fault, phase, options);
    } catch (error) {
      if (!(error instanceof Missed) || attempt === attempts) throw error;
    }
  }
}

const attempts = 4;

async function tryOnce(fault: Fault, phase: Phase, { cache, built }: TrialOptions): Promise<Trial> {
  const own = fault.hasOwnCache === true ? await mkdtemp(`${cache}-own-`) : null;
  const place = await makePlace(phase, own ?? cache);
  try {
    const options = (await fault.arrange?.(place, phase)) ?? {};
    const cli = await start(fault, phase, place, { built, ...options });
    await cli.event(phase.mark);
    const eventsBefore = [...cli.events];
    await fault.strike(cli, place);
    const finished = await cli.finished;
    const outcome = fault.outcome(phase);
    const descendants = cli.descendants();
    if (!outcome.statuses.includes(0) && finished.status === 0) throw new Missed('the run had ended');
    if (cameLate(phase, finished.stderr)) throw new Missed(finished.stderr);
    await fault.mend?.(place);
    const complaints = await complaintsAbout(outcome, { finished, place, eventsBefore });
    if (descendants.length > 0 && outcome.guestLivesOn !== true) complaints.push('a process lives on');
    return { status: finished.status, complaints };
  } finally {
    await place.remove();
    if (own !== null) await rm(own, { recursive: true, force: true });
  }
}

async function start(
  { guest = 'embedded' }: Fault,
  phase: Phase,
  place: Place,
  { env = {}, ...options }: StartOptions,
): Promise<Cli> {
  const isChoosing = phase.id === 'choosing';
  if (isChoosing) await addSlowVagrant(place);
  const args = ['run', place.study, '--guest', isChoosing ? 'auto' : guest, '--clock', 'real'];
  return new Cli([...args, '--out', place.out, '--json', ...(phase.options ?? [])], {
    ...options,
    // Many trials come one after the other, beside whatever else this machine does.
    ...(options.built === true ? { limitMs: 20 * 60_000 } : {}),
    env: {
      HOME: place.base,
      TMPDIR: place.temporary,
      REFIGURE_CACHE: place.cache,
      REFIGURE_ACCELERATOR: 'tcg',
      TSX_DISABLE_CACHE: '1',
      ...(guest === 'embedded' ? { PATH: place.programs } : {}),
      ...env,
    },
  });
}

/** An interrupted run that was doing something else says so, and that is no fault of it. */
function cameLate({ during }: Phase, stderr: string): boolean {
  const said = /Interrupted during (.*)\.$/m.exec(stderr)?.[1];
  return said !== undefined && !during.test(said);
}

/**
 * The next run, of the same cache: it comes to its end, and with it goes what the faults before it have left, by its own marks
 * alone.
 */
export async function tryNextRun(fault: Fault, { cache, built }: TrialOptions): Promise<Trial> {
  const phase = phaseOf('pushing');
  // The lock of a machine whose run was killed counts as free from then on.
  if (fault.outcome(phase).guestLivesOn === true) await setTimeout(staleMs);
  const place = await makePlace(phase, cache);
  try {
    const cli = await start(fault, phase, place, { built });
    const finished = await cli.finished;
    const complaints = await complaintsAbout(goesOn(), { finished, place, eventsBefore: cli.events });
    if (processesNaming(cache).length > 0) complaints.push('a machine of an earlier run lives on');
    return { status: finished.status, complaints };
  } finally {
    await place.remove();
  }
}

const staleMs = 21_000;

/** Processes whose command line has this text. */
function processesNaming(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false; // it ended just now
    }
  });
}
