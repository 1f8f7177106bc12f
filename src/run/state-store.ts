import type { Checkpoint, OpenGuest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import type { StepPlace } from './events.ts';

/** A step of those that run one after another, as far as states are concerned. */
export interface RunningStep {
  readonly place: StepPlace;
  /** Of all that it runs. */
  readonly digest: string;
}

/** The run that made a state, with the journals that are in it. */
export interface StateOrigin {
  /** When the run began that has come so far; ISO 8601, UTC. */
  readonly startedAt: string;
  /** Who goes on from the state goes on with its journals, and has their nonce. */
  readonly nonce: string;
  /** The digest of each file that was pushed, by its path in the folder of the run; null: not known. */
  readonly pushed: ReadonlyMap<string, string> | null;
  /** The journals of the plans that had ended, by the names of the plans; of others the guest is asked. */
  readonly journals: ReadonlyMap<string, Buffer>;
}

/** A state of a guest before a step of a run. */
export interface StepState extends StateOrigin {
  readonly checkpoint: Pick<Checkpoint, 'resume'>;
  /** Which step it is, of all that run, from 0. */
  readonly index: number;
  readonly place: StepPlace;
}

/** Where the states of a guest before steps are kept, for runs that go on from them. */
export interface StateStore {
  /** Of a run that goes on from no state. */
  readonly nonce: string;

  /** The state that is furthest in a run of these steps; null: there is none. */
  find(steps: readonly RunningStep[]): Promise<StepState | null>;

  /** Keeps the state before a step, where it is one of those that are kept here. */
  keep(guest: OpenGuest, steps: readonly RunningStep[], index: number, origin: StateOrigin): Promise<void>;
}

/** By which the state before each step is known: by all that ran before. Where an experiment begins, the one before is over. */
export function stateKeys(steps: readonly RunningStep[]): string[] {
  let before = '';
  return steps.map(({ place: { experiment }, digest }, index) => {
    const isFirst = index > 0 && steps[index - 1]?.place.experiment !== experiment;
    const key = isFirst ? sha256(`${before}\nover`) : before;
    before = sha256(`${key}\n${digest}`);
    return key;
  });
}
