import type { ClockKind } from '../core/guest.ts';
import type { ReporterOptions } from '../reporter/reporters.ts';

/** The options of `refigure run`, as the command line has them. */
export interface RunCommandOptions extends ReporterOptions {
  readonly guest: string;
  readonly catalogue?: string;
  /** Ids of experiments. */
  readonly only?: readonly string[];
  /** Runs what the study names as `quick`. */
  readonly quick?: true;
  /** The last step that runs, as `EXPERIMENT/STEP`. */
  readonly until?: string;
  /** The step before which the guest goes on from the state that an earlier run has kept there, as `EXPERIMENT/STEP`. */
  readonly from?: string;
  /** Says what would run, and runs nothing. */
  readonly list?: true;
  /** Runs the experiments of the claims that the newest run did not uphold. */
  readonly lastFailed?: true;
  /** Runs again with each change of the study, from the step that changed. */
  readonly watch?: true;
  /** How many runs to make. */
  readonly repeatEach?: number;
  readonly out?: string;
  /** What the guest's clock is to follow; by default what suits the guest best. */
  readonly clock?: ClockKind;
  /** Of a guest whose clock is virtual. */
  readonly seed?: number;
  readonly keep?: true;
  readonly cold?: true;
  readonly requireRelease?: true;
}
