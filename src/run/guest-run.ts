import { readFile } from 'node:fs/promises';
import { GuestError } from '../core/errors.ts';
import type { Guest, OpenGuest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import { packagePath } from '../core/package.ts';
import { shellQuote } from '../core/shell.ts';
import type { UploadFile } from '../core/transport.ts';
import { factsExperiment, layout } from '../evidence/layout.ts';
import { needsOf } from '../study/needs.ts';
import type { Experiment } from '../study/schema.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { ArrivalLog } from './arrival-log.ts';
import type { BegunRun } from './begin-run.ts';
import { GateKeeper, type StepByStep } from './gate-keeper.ts';
import { replayJournal } from './follow.ts';
import type { GuestShare } from './guest-shares.ts';
import type { JournalHearer, Journals, NamedPlan } from './journals.ts';
import { OpenJournals } from './open-journals.ts';
import {
  guestFolders,
  isExecutable,
  ownScripts,
  planExperiment,
  planFacts,
  planFile,
  type GuestFolders,
} from './plan.ts';
import { asksOf, type Asks } from './probes.ts';
import { Recorder } from './recorder.ts';
import { stepsToRun } from './selection.ts';
import { SealedJournals } from './sealed-journals.ts';

/** What of a run is done in one guest. */
export interface GuestPart {
  readonly share: GuestShare;
  /** Whether the guest is asked what it is. */
  readonly asksFacts: boolean;
  /** Where the guest is kept as it was before each step; null: it is not. */
  readonly byStep?: StepByStep | null;
}

/** A running guest with what this run pushed to it. */
export class GuestRun {
  readonly #guest: Guest;
  readonly #run: BegunRun;
  readonly #nonce: string;
  readonly #folders: GuestFolders;
  readonly #journals: Journals;
  readonly #experiments: readonly Experiment[];
  readonly #asksFacts: boolean;
  readonly #byStep: StepByStep | null;
  readonly #asks: Asks;

  constructor(guest: Guest, nonce: string, run: BegunRun, part: GuestPart, signal: AbortSignal) {
    const { share, asksFacts, byStep = null } = part;
    this.#guest = guest;
    this.#run = run;
    this.#nonce = nonce;
    this.#experiments = share.experiments;
    this.#asksFacts = asksFacts;
    this.#folders = guestFolders(nonce);
    this.#byStep = byStep;
    this.#asks = asksOf(run.loaded.files.map(({ content }) => content.toString('latin1')));
    const onLost = (reason: string): void => {
      run.events.tell({ kind: 'connection-lost', reason });
    };
    const names = [...share.experiments.map(({ id }) => id), ...(asksFacts ? [factsExperiment] : [])];
    this.#journals = guest.sealed
      ? new SealedJournals(guest, this.#folders, names, signal)
      : new OpenJournals(guest, this.#folders, onLost, signal);
  }

  /** Everything that the guest will need. */
  async push(): Promise<void> {
    const own = ownScripts.map(async (name) => [name, await readFile(packagePath(`src/run/${name}`))]);
    const { loaded } = this.#run;
    const [, ...scripts] = loaded.files; // the first is the study itself, which the guest has no use for
    const planned = this.#experiments.map((experiment) => this.#plan(experiment));
    const plans = this.#asksFacts ? [...planned, this.#facts()] : planned;
    const files = new Map<string, Buffer>([
      ...((await Promise.all(own)) as [string, Buffer][]),
      ...scripts.map(({ path, content }) => [`study/${path}`, content] as const),
      ...plans.flatMap(({ name, plan }) => [[planFile(name), Buffer.from(plan.text)] as const, ...plan.files]),
    ]);
    const uploads = [...files].map(([path, content]): UploadFile => {
      return { path, content, executable: isExecutable(content) };
    });
    await this.#journals.push(this.#byStep === null ? uploads : await this.#lacking(uploads, this.#byStep), plans);
  }

  /** What of these files a guest that was resumed lacks. It has the steps of an earlier run, and may have more of them: those go. */
  async #lacking(uploads: readonly UploadFile[], { guest, found, origin }: StepByStep): Promise<UploadFile[]> {
    for (const { path, content } of uploads) origin.pushed.set(path, sha256(content));
    const pushed = found?.pushed ?? null;
    const { base } = this.#folders;
    if (found !== null && pushed === null) await guest.execute(`rm -rf ${base}/gated`);
    const over = [...(pushed?.keys() ?? [])].filter((path) => !origin.pushed.has(path));
    if (over.length > 0) await guest.execute(`rm -f ${over.map((path) => shellQuote(`${base}/${path}`)).join(' ')}`);
    return uploads.filter(({ path }) => pushed?.get(path) !== origin.pushed.get(path));
  }

  /** Opens a sealed guest, once all that it was handed has run. */
  async open(signal: AbortSignal): Promise<OpenGuest> {
    const guest = this.#guest;
    if (!guest.sealed) return guest;
    if (guest.open === null) throw new GuestError('The guest cannot be kept.', 'The run itself is whole.');
    if (this.#journals instanceof SealedJournals) await this.#journals.over();
    return guest.open(signal);
  }

  async askFacts(): Promise<void> {
    await this.#follow(this.#facts(), null);
  }

  async runExperiment(experiment: Experiment): Promise<void> {
    const { writer, events } = this.#run;
    const recorder = new Recorder(experiment.id, this.#stepsOf(experiment), writer, events.tell);
    const keeper = await this.#keeperOf(experiment);
    try {
      await this.#follow(this.#plan(experiment), recorder, keeper);
    } finally {
      recorder.endLine(); // of a command that was cut off
    }
  }

  /** Keeps the state before the experiment, too. */
  async #keeperOf(experiment: Experiment): Promise<GateKeeper | null> {
    const byStep = this.#byStep;
    if (byStep === null) return null;
    const offset = this.#offsetOf(experiment);
    if (byStep.from === null || offset > byStep.from) {
      await byStep.states.keep(byStep.guest, byStep.steps, offset, byStep.origin);
    }
    return new GateKeeper(byStep, { folders: this.#folders, steps: this.#stepsOf(experiment), offset });
  }

  /** How many steps run before it. */
  #offsetOf({ id }: Experiment): number {
    const { experiments } = this.#run.selection;
    const before = experiments.slice(
      0,
      experiments.findIndex((each) => each.id === id),
    );
    return before.reduce((sum, each) => sum + this.#stepsOf(each).length, 0);
  }

  #releaseFile({ id }: Experiment): string | null {
    const { loaded, selection } = this.#run;
    return selection.experiments[0]?.id === id ? (loaded.study.environment?.releaseFile ?? null) : null;
  }

  #stepsOf({ id }: Experiment): readonly IndexedStep[] {
    const { loaded, selection } = this.#run;
    return stepsToRun(selection, loaded.index.stepsOf(id));
  }

  #plan(experiment: Experiment): NamedPlan {
    const { id } = experiment;
    const { study } = this.#run.loaded;
    const borrowed = this.#guest.identity.ownership === 'borrowed' ? (study.makes ?? null) : null;
    const options = {
      borrowed,
      asks: this.#asks,
      releaseFile: this.#releaseFile(experiment),
      copy: this.#journals.copyCommand(id),
      needs: needsOf(study.needs, experiment.needs),
      guest: this.#guest.identity.name,
      gated: this.#byStep !== null,
    };
    return { name: id, plan: planExperiment(this.#stepsOf(experiment), this.#folders, this.#nonce, options) };
  }

  #facts(): NamedPlan {
    const copy = this.#journals.copyCommand(factsExperiment);
    return { name: factsExperiment, plan: planFacts(this.#folders, this.#nonce, copy) };
  }

  /** `recorder`: of an experiment of the study; what is Refigure's own is played to nobody, and needs no times. */
  async #follow(plan: NamedPlan, recorder: Recorder | null, keeper: GateKeeper | null = null): Promise<void> {
    const { writer } = this.#run;
    const pieces: Buffer[] = [];
    const noteArrivals = (text: string): void => {
      writer.append(layout.arrivals(plan.name), Buffer.from(text));
    };
    // Of what an earlier run has done all comes at once.
    const isNew = (this.#byStep?.from ?? 0) === 0;
    const arrivals = recorder === null || !isNew ? null : new ArrivalLog(noteArrivals);
    const hearer: JournalHearer = {
      onBytes: (bytes, atMs) => {
        if (this.#byStep !== null) pieces.push(bytes);
        writer.append(layout.journal(plan.name), bytes);
        // When a sealed guest's bytes come to us says nothing of when it printed them.
        if (!this.#guest.sealed || atMs !== null) arrivals?.add(bytes.length, atMs);
      },
      onEvent: (event) => {
        recorder?.handle(event);
        keeper?.hear(event);
      },
      onLine: () => recorder?.endLine(),
    };
    // Of a plan that had ended in the state that was resumed the guest need not be asked.
    const known = this.#byStep?.found?.journals.get(plan.name);
    if (known === undefined) await this.#journals.follow(plan, hearer);
    else replayJournal(known, hearer);
    this.#byStep?.origin.journals.set(plan.name, known ?? Buffer.concat(pieces));
  }
}
