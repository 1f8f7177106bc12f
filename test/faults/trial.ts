import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Cli, type StartOptions } from '../commands/cli.ts';
import { complaintsAbout } from './aftermath.ts';
import type { Fault } from './fault.ts';
import type { Phase } from './phases.ts';
import { addSlowVagrant, makePlace, type Place } from './place.ts';

/** How one fault at one phase came out. */
export interface Trial {
  /** null: the process was ended by a signal. */
  readonly status: number | null;
  /** What is not as it should be; empty: all is well. */
  readonly complaints: readonly string[];
}

/** The fault came when the run had got further already, as on a busy machine. */
class Missed extends Error {}

/** `built`: the command line as it is built, in place of its source. */
export async function tryFault(
  fault: Fault,
  phase: Phase,
  { cache, built }: { readonly cache: string; readonly built: boolean },
): Promise<Trial> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(fault, phase, { cache, built });
    } catch (error) {
      if (!(error instanceof Missed) || attempt === attempts) throw error;
    }
  }
}

const attempts = 4;

async function tryOnce(
  fault: Fault,
  phase: Phase,
  { cache, built }: { readonly cache: string; readonly built: boolean },
): Promise<Trial> {
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

/** Settles when there is nothing at a path any more, or fails after so long. */
export async function until(what: string, isSo: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`it took too long until ${what}`);
    await setTimeout(50);
  }
}

/** The file that a run writes to mark that it goes on. */
export function runningMarkOf({ out }: Place): string {
  return join(out, 'running.json');
}
