import type { OpenGuest } from '../core/guest.ts';
import type { JournalEvent } from '../evidence/journal-decoder.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { openGate } from './gates.ts';
import type { GuestFolders } from './plan.ts';
import type { RunningStep, StateOrigin, StateStore } from './state-store.ts';

/** A run whose guest is kept as it was before each step. */
export interface StepByStep {
  readonly guest: OpenGuest;
  readonly states: StateStore;
  /** All that run, in order. */
  readonly steps: readonly RunningStep[];
  /** The step before which the guest was resumed; null: it began before all of them. */
  readonly from: number | null;
  /** What is in the state from which the guest was resumed; null: it was not. */
  readonly found: Pick<StateOrigin, 'pushed' | 'journals'> | null;
  /** Of the states that this run makes; it grows with the run. */
  readonly origin: StateOrigin & { pushed: Map<string, string>; journals: Map<string, Buffer> };
  /** Ends the run. */
  readonly fail: (error: unknown) => void;
}

/** An experiment that runs step by step. */
export interface GatedExperiment {
  readonly folders: GuestFolders;
  readonly steps: readonly IndexedStep[];
  /** How many steps of others come before its own. */
  readonly offset: number;
}

/** Opens the gates of an experiment's plan, one after another, and keeps the guest's state at each: see gates.ts. */
export class GateKeeper {
  readonly #run: StepByStep;
  readonly #experiment: GatedExperiment;
  /** The plan comes to a gate when a step, or the observation after it, has ended: by which, the gate's number. */
  readonly #gates: ReadonlyMap<string, number>;

  constructor(run: StepByStep, experiment: GatedExperiment) {
    this.#run = run;
    this.#experiment = experiment;
    this.#gates = new Map(
      experiment.steps.map(({ step: { id, topology } }, index) => {
        return [`${topology === undefined ? 'study' : 'topology'} ${id}`, index + 1];
      }),
    );
  }

  hear(event: JournalEvent): void {
    if (event.kind !== 'step-end') return;
    const gate = this.#gates.get(`${event.purpose} ${event.step}`);
    if (gate !== undefined) this.#come(gate).catch(this.#run.fail);
  }

  /** `gate`: the number of the step before it; a gate that was open already in the state that was resumed stays so. */
  async #come(gate: number): Promise<void> {
    const { guest, states, steps, from, origin } = this.#run;
    const { folders, offset, steps: own } = this.#experiment;
    const next = offset + gate;
    const isLast = gate === own.length;
    if (from !== null && (isLast ? next <= from : next < from)) return;
    if (!isLast && next !== from) await states.keep(guest, steps, next, origin);
    await guest.execute(openGate(folders, own[0]?.experiment.id ?? '', gate + 1));
  }
}
