import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { GuestError, GuestLeftError, messageOf, RefigureError } from '../core/errors.ts';
import type { Guest } from '../core/guest.ts';
import { packagePath } from '../core/package.ts';
import type { UploadFile } from '../core/transport.ts';
import { factsExperiment, layout } from '../evidence/layout.ts';
import { recordedGuest } from '../evidence/recorded-guest.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Experiment } from '../study/schema.ts';
import { ArrivalLog } from './arrival-log.ts';
import { bootGuest, type GuestChoice } from './boot.ts';
import { BorrowedMachine, requireMakes } from './borrowed-machine.ts';
import type { Notify } from './events.ts';
import { followJournal } from './follow.ts';
import {
  followCommand,
  guestFolders,
  ownScripts,
  planExperiment,
  planFacts,
  planFile,
  type GuestFolders,
  type Plan,
} from './plan.ts';
import { Recorder } from './recorder.ts';
import { Stopwatch } from './stopwatch.ts';
import { recordedMessageOf } from '../core/without-folders.ts';

export interface RunOptions {
  readonly loaded: LoadedStudy;
  /** In the order in which they run. */
  readonly experiments: readonly Experiment[];
  readonly choice: GuestChoice;
  readonly writer: EvidenceWriter;
  /** May still be under way while the guest boots. */
  readonly host: Promise<RunRecord['host']>;
  readonly notify: Notify;
  readonly signal: AbortSignal;
  /** Leave the guest running when all went well; the caller stops it. */
  readonly keep: boolean;
  /** Boot from nothing, also where a state of an earlier run could be resumed. */
  readonly cold: boolean;
}

/** How a run ended. Whatever happened, the evidence of it is sealed on the disk. */
export type RunOutcome =
  { readonly state: 'complete'; readonly kept: Guest | null } | { readonly state: 'partial'; readonly error: unknown };

/** The main flow: boot, push, run the experiments, ask for the facts, stop; evidence is written all along. */
export async function runStudy(options: RunOptions): Promise<RunOutcome> {
  const { notify } = options;
  // What goes wrong outside the flow (a byte of the console that cannot be written) ends the run like an interrupt.
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const record = await beginRecord(options);
  const watch = new Stopwatch(record.timings);
  const nonce = randomBytes(12).toString('hex');
  let guest: Guest | null = null;
  let borrowed: BorrowedMachine | null = null;
  let outcome: RunOutcome;
  try {
    guest = await watch.time('boot', () => bootGuest({ ...options, record, signal, failure }));
    record.guest = recordedGuest(guest.identity);
    notify({ kind: 'guest-ready', guest: guest.identity.name, provider: guest.identity.provider });
    if (guest.identity.ownership === 'borrowed') {
      const machine = new BorrowedMachine(guest, requireMakes(options.loaded.study), guestFolders(nonce));
      borrowed = machine;
      await watch.time('examine', () => machine.examine(signal));
    }
    const run = new GuestRun(guest, nonce, { ...options, record, signal });
    await watch.time('push', () => run.push());
    for (const experiment of options.experiments) {
      await watch.time(`experiment ${experiment.id}`, () => run.runExperiment(experiment));
    }
    // Last: under an emulator the questions take a second or two, for which nobody wants to wait at the start.
    await watch.time('facts', () => run.askFacts());
    outcome = { state: 'complete', kept: options.keep ? guest : null };
  } catch (error) {
    const isInterrupt = signal.aborted && !(error instanceof GuestLeftError);
    outcome = { state: 'partial', error: isInterrupt ? signal.reason : error };
  }
  if (borrowed !== null) {
    const machine = borrowed;
    await watch
      .time('restore', () => machine.restore())
      .then((differences) => {
        if (differences.length > 0) notify({ kind: 'machine-differs', differences });
      })
      .catch((error: unknown) => {
        outcome = { state: 'partial', error: outcome.state === 'complete' ? error : bothOf(outcome.error, error) };
      });
  }
  if (outcome.state === 'partial' || outcome.kept === null) {
    await watch
      .time('stop', async () => guest?.stop())
      .catch((error: unknown) => {
        outcome = {
          state: 'partial',
          error: outcome.state === 'complete' ? error : bothOf(outcome.error, error, notStopped),
        };
      });
  }
  const ended = finish(options, record, outcome);
  // A guest is kept only by a run that is whole: nobody else would stop it.
  if (ended.state === 'partial' && outcome.state === 'complete') await outcome.kept?.stop();
  return ended;
}

/** The record as it would read if the run were killed now; so even a killed run can be reported on. */
async function beginRecord({ loaded, experiments, choice, writer, host }: RunOptions): Promise<RunRecord> {
  for (const { path, content } of loaded.files) writer.put(`${layout.study}/${path}`, content);
  const record: RunRecord = {
    format: 1,
    state: 'partial',
    reason: 'The run was killed.',
    startedAt: new Date().toISOString(),
    study: {
      id: loaded.study.id,
      file: loaded.files[0]?.path ?? '',
      experiments: experiments.map(({ id }) => id),
    },
    choice: {
      asked: choice.asked,
      passedOver: choice.passedOver.map(({ guest, reason }) => ({
        guest,
        reason: recordedMessageOf(reason, writer.folder),
      })),
    },
    guest: null,
    host: await host,
    reconnections: 0,
    timings: [],
  };
  writer.putRecord(record);
  return record;
}

const notStopped = 'Then the guest could not be stopped: ';

/** What ended the run, and that something of it may run on, or be left. */
function bothOf(first: unknown, second: unknown, between = ''): GuestLeftError {
  const [ended, failed] = [first, second].map((error) => messageOf(error));
  const hint = second instanceof RefigureError ? second.hint : 'See what still runs on this machine.';
  return new GuestLeftError(`${ended} ${between}${failed}`, hint, { cause: first });
}

function finish({ writer }: RunOptions, record: RunRecord, outcome: RunOutcome): RunOutcome {
  record.state = outcome.state;
  record.reason = outcome.state === 'complete' ? null : recordedMessageOf(outcome.error, writer.folder);
  try {
    writer.putRecord(record);
    writer.seal();
    return outcome;
  } catch (error) {
    // A full disk, say: the first error is the one that tells what happened.
    if (outcome.state === 'partial') return outcome;
    sayPartial(writer, record, error);
    return { state: 'partial', error };
  }
}

/** Whatever the disk still takes: the record on it must not call a run complete whose evidence could not be sealed. */
function sayPartial(writer: EvidenceWriter, record: RunRecord, error: unknown): void {
  try {
    writer.putRecord({ ...record, state: 'partial', reason: recordedMessageOf(error, writer.folder) });
  } catch {
    // The record is as it was at the start, which says `partial` too, or was `error`'s own cause.
  }
}

/** A running guest with what this run pushed to it. */
class GuestRun {
  readonly #guest: Guest;
  readonly #options: RunOptions & { readonly record: RunRecord };
  readonly #nonce: string;
  readonly #folders: GuestFolders;

  constructor(guest: Guest, nonce: string, options: RunOptions & { readonly record: RunRecord }) {
    this.#guest = guest;
    this.#options = options;
    this.#nonce = nonce;
    this.#folders = guestFolders(nonce);
  }

  /** Everything that the guest will need, in one round trip. */
  async push(): Promise<void> {
    const own = ownScripts.map(async (name) => [name, await readFile(packagePath(`src/run/${name}`))]);
    const { loaded, experiments } = this.#options;
    const [, ...scripts] = loaded.files; // the first is the study itself, which the guest has no use for
    const files = new Map<string, Buffer>([
      ...((await Promise.all(own)) as [string, Buffer][]),
      ...scripts.map(({ path, content }) => [`study/${path}`, content] as const),
      [planFile(factsExperiment), Buffer.from(this.#facts().text)] as const,
      ...experiments.map((experiment) => [planFile(experiment.id), Buffer.from(this.#plan(experiment).text)] as const),
    ]);
    const uploads = [...files].map(([path, content]): UploadFile => ({ path, content, executable: false }));
    const late = AbortSignal.timeout(pushDeadlineMs);
    await this.#guest
      .upload(this.#folders.base, uploads, AbortSignal.any([this.#options.signal, late]))
      .catch((error: unknown) => {
        if (!late.aborted || this.#options.signal.aborted) throw error;
        throw new GuestError(`The guest did not take the scripts within ${pushDeadlineMs / 1000} s.`, 'Run again.');
      });
  }

  async askFacts(): Promise<void> {
    const { notify } = this.#options;
    notify({ kind: 'facts-start' });
    await this.#follow(factsExperiment, this.#facts(), null);
    notify({ kind: 'facts-end' });
  }

  async runExperiment(experiment: Experiment): Promise<void> {
    const { notify } = this.#options;
    notify({ kind: 'experiment-start', experiment: experiment.id });
    await this.#follow(experiment.id, this.#plan(experiment), this.#recorder(experiment));
    notify({ kind: 'experiment-end', experiment: experiment.id });
  }

  #recorder({ id }: Experiment): Recorder {
    const { loaded, writer, notify } = this.#options;
    return new Recorder(id, loaded.index.stepsOf(id), writer, notify);
  }

  #plan({ id }: Experiment): Plan {
    const borrowed = this.#guest.identity.ownership === 'borrowed' ? (this.#options.loaded.study.makes ?? null) : null;
    return planExperiment(this.#options.loaded.index.stepsOf(id), this.#folders, this.#nonce, borrowed);
  }

  #facts(): Plan {
    return planFacts(this.#options.loaded.study.environment.releaseFile, this.#folders, this.#nonce);
  }

  /** `recorder`: of an experiment of the study; what is Refigure's own is played to nobody, and needs no times. */
  #follow(name: string, plan: Plan, recorder: Recorder | null): Promise<void> {
    const { notify, record, writer, signal } = this.#options;
    const noteArrivals = (text: string): void => {
      writer.append(layout.arrivals(name), Buffer.from(text));
    };
    const arrivals = recorder === null ? null : new ArrivalLog(noteArrivals);
    return followJournal({
      guest: this.#guest,
      command: (offset) => followCommand(this.#folders, name, offset),
      onBytes: (bytes) => {
        writer.append(layout.journal(name), bytes);
        arrivals?.add(bytes.length);
      },
      onEvent: (event) => recorder?.handle(event),
      onLost: (reason) => {
        record.reconnections += 1;
        notify({ kind: 'connection-lost', reason });
      },
      silenceMs: (plan.longestLimitS + silenceMarginS) * 1000,
      signal,
    });
  }
}

/** The scripts are a few kilobytes; under a loaded emulator their push was seen to take some seconds. */
const pushDeadlineMs = 120_000;

/** A command that prints nothing may be quiet for its whole limit; the watch needs some seconds more to end it. */
const silenceMarginS = 60;
