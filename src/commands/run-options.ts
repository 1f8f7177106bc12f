import type { ClockKind } from '../core/guest.ts';
import type { ReporterOptions } from '../reporter/reporters.ts';

/** The options of `refigure run`, as the command line has them. */
export interface RunCommandOptions extends ReporterOptions {
  readonly guest: string;
  readonly catalogue?: string;
  readonly only?: string;
  readonly out?: string;
  readonly keep?: true;
  readonly cold?: true;
  readonly clock?: ClockKind;
  readonly seed?: number;
  readonly requireRelease?: true;
}
