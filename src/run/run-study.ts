import { asError, failureOf, GuestLeftError } from '../core/errors.ts';
import { withHostFault } from '../core/host-fault.ts';
import { withScope } from '../core/scope.ts';
import { layout } from '../evidence/layout.ts';
import type { BegunRun } from './begin-run.ts';
import type { RunEnd, RunEvent } from './events.ts';
import { runParts, type KeptGuest, type RunOptions } from './run-parts.ts';

/** How a run ended. Its evidence is sealed on the disk, but for a partial run whose disk could not take it. */
export type RunOutcome =
  | { readonly state: 'complete'; readonly kept: KeptGuest | null }
  /** `unsealed`: why the evidence is not sealed; null: it is. */
  | { readonly state: 'partial'; readonly error: unknown; readonly unsealed: Error | null };

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
    return { state: 'partial', error: withHostFault(error), unsealed: null };
  }
}

/** Writes how the run ended, and closes the evidence. The end is told when that is done. */
function seal({ writer, record, events, folder }: BegunRun, outcome: RunOutcome): RunOutcome {
  const endOf = (ended: RunOutcome): RunEvent => ({ kind: 'run-end', folder, ...runEnd(ended) });
  let ended = outcome;
  try {
    record.writeAfter(endOf(outcome));
    writer.seal();
  } catch (thrown) {
    const unsealed = asError(thrown);
    // A full disk, say: the first error is the one that tells what happened.
    ended = { state: 'partial', error: outcome.state === 'partial' ? outcome.error : unsealed, unsealed };
    writeIfPossible(() => {
      record.writeAfter(endOf(ended));
    });
    writer.abandon(record.reasonAfter(endOf(ended)) ?? '');
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
  if (outcome.state === 'complete') return { state: 'complete', failure: null, unsealed: null };
  const { error, unsealed } = outcome;
  return { state: 'partial', failure: failureOf(error), unsealed: unsealed?.message ?? null };
}
