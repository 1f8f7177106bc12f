import type { Cli, StartOptions } from '../commands/cli.ts';
import type { Phase, PhaseId } from './phases.ts';
import type { Place } from './place.ts';

/** What has to be so after a fault. */
export interface Outcome {
  /** The exit statuses that may come; null: ended by a signal. */
  readonly statuses: readonly (number | null)[];
  /** What standard error says where the status is not 0. */
  readonly says?: RegExp;
  /** Why the run is partial, as `run.json` has it in the end; null: it is complete. Undefined: either. */
  readonly reason?: RegExp | null;
  /** `whole`: sealed, with a report; `unsealed`: `recover` has to seal it; `none`: there is no run. */
  readonly leaves: readonly ('whole' | 'sealed' | 'unsealed' | 'none')[];
  /** Where the run is in the end; by default where it was to be. */
  readonly folder?: (place: Place) => string;
  /** Its guest may live on, until a later run ends it. */
  readonly guestLivesOn?: boolean;
}

/** A thing that goes wrong, and what becomes of the run then. */
export interface Fault {
  readonly id: string;
  /** As the table has it. */
  readonly title: string;
  readonly guest?: 'embedded' | 'mini';
  /** Where it can strike; undefined: everywhere. */
  readonly phases?: readonly PhaseId[];
  /** Executables, and `root`. */
  readonly needs?: readonly string[];
  /** The cache is its own, and empty. */
  readonly hasOwnCache?: boolean;
  /** Before the run: what of its start is different. */
  readonly arrange?: (place: Place, phase: Phase) => Promise<Partial<StartOptions>>;
  readonly strike: (cli: Cli, place: Place) => Promise<void> | void;
  /** What the user is told to do, before the run is recovered. */
  readonly mend?: (place: Place) => Promise<void> | void;
  readonly outcome: (phase: Phase) => Outcome;
}

/** The run was asked to stop, and did so in order. */
export function stopsInOrder({ id, during }: Phase): Outcome {
  const source = during.source.replace(/^\^/, '').replace(/\$$/, '');
  const says = new RegExp(`Interrupted during ${source}`);
  if (id === 'choosing') return { statuses: [130], says, leaves: ['none'] };
  return { statuses: [130], says, reason: id === 'rendering' ? null : says, leaves: ['whole'] };
}

/** The run comes to its end as if nothing had been. */
export function goesOn(): Outcome {
  return { statuses: [0], reason: null, leaves: ['whole'] };
}

/** The run had no time for anything. */
export function isKilled({ id }: Phase): Outcome {
  const statuses = [null];
  if (id === 'choosing') return { statuses, leaves: ['none'] };
  if (id === 'rendering') return { statuses, reason: null, leaves: ['sealed', 'whole'] };
  return { statuses, reason: /^The run was killed\.$/, leaves: ['unsealed'] };
}
