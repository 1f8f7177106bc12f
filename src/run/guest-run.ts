import { readFile } from 'node:fs/promises';
import { GuestError } from '../core/errors.ts';
import type { Guest } from '../core/guest.ts';
import { packagePath } from '../core/package.ts';
import type { UploadFile } from '../core/transport.ts';
import { factsExperiment, layout } from '../evidence/layout.ts';
import type { Experiment } from '../study/schema.ts';
import { ArrivalLog } from './arrival-log.ts';
import type { BegunRun } from './begin-run.ts';
import { followJournal } from './follow.ts';
import {
  followCommand,
  guestFolders,
  isExecutable,
  ownScripts,
  planExperiment,
  planFacts,
  planFile,
  type GuestFolders,
  type Plan,
} from './plan.ts';
import { Recorder } from './recorder.ts';

/** A running guest with what this run pushed to it. */
export class GuestRun {
  readonly #guest: Guest;
  readonly #run: BegunRun;
  readonly #nonce: string;
  readonly #folders: GuestFolders;
  readonly #signal: AbortSignal;

  constructor(guest: Guest, nonce: string, run: BegunRun, signal: AbortSignal) {
    this.#guest = guest;
    this.#run = run;
    this.#nonce = nonce;
    this.#folders = guestFolders(nonce);
    this.#signal = signal;
  }

  /** Everything that the guest will need, in one round trip. */
  async push(): Promise<void> {
    const own = ownScripts.map(async (name) => [name, await readFile(packagePath(`src/run/${name}`))]);
    const { loaded, experiments } = this.#run;
    const [, ...scripts] = loaded.files; // the first is the study itself, which the guest has no use for
    const plans = experiments.map((experiment) => [experiment.id, this.#plan(experiment)] as const);
    const files = new Map<string, Buffer>([
      ...((await Promise.all(own)) as [string, Buffer][]),
      ...scripts.map(({ path, content }) => [`study/${path}`, content] as const),
      [planFile(factsExperiment), Buffer.from(this.#facts().text)] as const,
      ...plans.flatMap(([id, plan]) => [[planFile(id), Buffer.from(plan.text)] as const, ...plan.files]),
    ]);
    const uploads = [...files].map(([path, content]): UploadFile => {
      return { path, content, executable: isExecutable(content) };
    });
    const late = AbortSignal.timeout(pushDeadlineMs);
    await this.#guest
      .upload(this.#folders.base, uploads, AbortSignal.any([this.#signal, late]))
      .catch((error: unknown) => {
        if (!late.aborted || this.#signal.aborted) throw error;
        throw new GuestError(`The guest did not take the scripts within ${pushDeadlineMs / 1000} s.`, 'Run again.');
      });
  }

  async askFacts(): Promise<void> {
    await this.#follow(factsExperiment, this.#facts(), null);
  }

  async runExperiment(experiment: Experiment): Promise<void> {
    const { loaded, writer, events } = this.#run;
    const recorder = new Recorder(experiment.id, loaded.index.stepsOf(experiment.id), writer, events.tell);
    try {
      await this.#follow(experiment.id, this.#plan(experiment), recorder);
    } finally {
      recorder.endLine(); // of a command that was cut off
    }
  }

  #plan({ id }: Experiment): Plan {
    const { study, index } = this.#run.loaded;
    const borrowed = this.#guest.identity.ownership === 'borrowed' ? (study.makes ?? null) : null;
    const releaseFile = this.#run.experiments[0]?.id === id ? study.environment.releaseFile : null;
    return planExperiment(index.stepsOf(id), this.#folders, this.#nonce, { borrowed, releaseFile });
  }

  #facts(): Plan {
    return planFacts(this.#folders, this.#nonce);
  }

  /** `recorder`: of an experiment of the study; what is Refigure's own is played to nobody, and needs no times. */
  #follow(name: string, plan: Plan, recorder: Recorder | null): Promise<void> {
    const { writer, events } = this.#run;
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
      onLine: () => recorder?.endLine(),
      onLost: (reason) => {
        events.tell({ kind: 'connection-lost', reason });
      },
      silenceMs: (plan.longestLimitS + silenceMarginS) * 1000,
      signal: this.#signal,
    });
  }
}

/** The scripts are a few kilobytes; under a loaded emulator their push was seen to take some seconds. */
const pushDeadlineMs = 120_000;

/** A command that prints nothing may be quiet for its whole limit; the watch needs some seconds more to end it. */
const silenceMarginS = 60;
