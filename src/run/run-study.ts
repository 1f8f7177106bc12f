import { randomBytes } from 'node:crypto';
import { failureOf, GuestLeftError } from '../core/errors.ts';
import type { Guest } from '../core/guest.ts';
import { withScope, type Scope } from '../core/scope.ts';
import { layout } from '../evidence/layout.ts';
import type { RunPart } from '../evidence/run-record.ts';
import type { BegunRun } from './begin-run.ts';
import { bootGuest, type GuestChoice } from './boot.ts';
import { BorrowedMachine, requireMakes } from './borrowed-machine.ts';
import type { RunEnd, RunEvent } from './events.ts';
import { GuestRun } from './guest-run.ts';
import { guestFolders } from './plan.ts';
import { timePart } from './time-part.ts';

export interface RunOptions {
  readonly choice: GuestChoice;
  readonly signal: AbortSignal;
  /** Leave the guest running when all went well. */
  readonly keep: boolean;
  /** Boot from nothing, also where a state of an earlier run could be resumed. */
  readonly cold: boolean;
  /** Owns a guest that is kept, and stops it when it is closed. */
  readonly keeper: Scope;
}

/** How a run ended. Whatever happened, the evidence of it is sealed on the disk. */
export type RunOutcome =
  { readonly state: 'complete'; readonly kept: Guest | null } | { readonly state: 'partial'; readonly error: unknown };

/** The main flow: boot, push, run the experiments, ask for the facts, stop; evidence is written all along. */
export async function runStudy(run: BegunRun, options: RunOptions): Promise<RunOutcome> {
  const { writer, events, loaded } = run;
  const { asked, passedOver, providers } = options.choice;
  events.tell({ kind: 'guest-chosen', guest: providers[0].name, asked, passedOver });
  for (const { path, content } of loaded.files) writer.put(`${layout.study}/${path}`, content);
  run.record.write();
  return seal(run, await attempt(run, options));
}

async function attempt(run: BegunRun, options: RunOptions): Promise<RunOutcome> {
  // What goes wrong outside the flow (a byte of the console that cannot be written) ends the run like an interrupt.
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  try {
    const kept = await withScope((scope) =>
      runParts(run, { ...options, signal, failure, scope }).catch((error: unknown) => {
        throw signal.aborted && !(error instanceof GuestLeftError) ? signal.reason : error;
      }),
    );
    return { state: 'complete', kept };
  } catch (error) {
    return { state: 'partial', error };
  }
}

interface PartsOptions extends RunOptions {
  readonly failure: AbortController;
  /** Of the run: it restores what was borrowed, then stops the guest. */
  readonly scope: Scope;
}

/** Resolves with the guest where it is kept: by a run that is whole, for nobody would stop it otherwise. */
async function runParts(run: BegunRun, options: PartsOptions): Promise<Guest | null> {
  const { signal, scope, keep, keeper } = options;
  const { writer, events } = run;
  const { tell } = events;
  const time = <T>(part: RunPart, work: () => Promise<T>): Promise<T> => timePart(tell, part, work);
  const nonce = randomBytes(12).toString('hex');

  const guest = await time({ part: 'boot' }, () => bootGuest({ ...options, loaded: run.loaded, writer, tell }));
  const stays = scope.defer(notStopped, () => time({ part: 'stop' }, () => guest.stop()));
  tell({ kind: 'guest-ready', guest: guest.identity });
  if (guest.identity.ownership === 'borrowed') {
    const machine = new BorrowedMachine(guest, requireMakes(run.loaded.study), guestFolders(nonce));
    scope.defer('the machine could not be left as it was', async () => {
      const differences = await time({ part: 'restore' }, () => machine.restore());
      if (differences.length > 0) tell({ kind: 'machine-differs', differences });
    });
    await time({ part: 'examine' }, () => machine.examine(signal));
  }
  const inGuest = new GuestRun(guest, nonce, run, signal);
  await time({ part: 'push' }, () => inGuest.push());
  for (const experiment of run.experiments) {
    const part = { part: 'experiment', experiment: experiment.id } as const;
    await time(part, () => inGuest.runExperiment(experiment));
  }
  // Last: under an emulator the questions take a second or two, for which nobody wants to wait at the start.
  await time({ part: 'facts' }, () => inGuest.askFacts());
  if (!keep) return null;
  keeper.defer(notStopped, () => guest.stop());
  stays();
  return guest;
}

const notStopped = 'the guest could not be stopped';

/** Writes how the run ended, and closes the evidence. The end is told when that is done. */
function seal({ writer, record, events, folder }: BegunRun, outcome: RunOutcome): RunOutcome {
  const endOf = (ended: RunOutcome): RunEvent => ({ kind: 'run-end', folder, ...runEnd(ended) });
  let ended = outcome;
  try {
    record.writeAfter(endOf(outcome));
    writer.seal();
  } catch (error) {
    // A full disk, say: the first error is the one that tells what happened.
    if (outcome.state === 'complete') {
      ended = { state: 'partial', error };
      writeIfPossible(() => {
        record.writeAfter(endOf(ended));
      });
    }
  }
  events.tell(endOf(ended));
  return ended;
}

/** The record on the disk must not call a run complete whose evidence could not be sealed. */
function writeIfPossible(write: () => void): void {
  try {
    write();
  } catch {
    // It is as it was at the start, which says `partial` too, or was the error's own cause.
  }
}

function runEnd(outcome: RunOutcome): RunEnd {
  return outcome.state === 'complete'
    ? { state: 'complete', failure: null }
    : { state: 'partial', failure: failureOf(outcome.error) };
}
