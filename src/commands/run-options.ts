import type { ClockKind } from '../core/guest.ts';
import type { ReporterOptions } from '../reporter/reporters.ts';

/** The options of `refigure run`, as the command line has them. */
export interface RunCommandOptions extends ReporterOptions {
  readonly guest: string;
  readonly catalogue?: string;
  readonly only?: string;
  readonly out?: string;
  /** What the guest's clock is to follow; by default what suits the guest best. */
  readonly clock?: ClockKind;
  /** Of a guest whose clock is virtual. */
  readonly seed?: number;
  readonly keep?: true;
  readonly cold?: true;
  readonly requireRelease?: true;
}
