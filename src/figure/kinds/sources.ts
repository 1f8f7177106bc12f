import type { ClockKind } from '../../core/guest.ts';
import type { Topology } from '../../observation/topology.ts';
import type { Observation } from '../../observation/observe.ts';
import type { TimeRow } from '../plot/time.ts';
import type { TerminalEntry } from '../terminal/render.ts';

/** What a figure can be drawn from: what one run has for the names of its study, in the language of the report. */
export interface FigureSources {
  /** By which all times were taken. */
  readonly clock: ClockKind;
  /** The command of a capture and what it printed; null where it did not run. */
  terminalEntry(capture: string): TerminalEntry | null;
  /** What was read from a capture; null where there is nothing, or nothing that can be read. */
  observation(capture: string): Observation | null;
  topology(name: string): Topology | null;
  /** The title of the step after which the network was observed under this name. */
  stepTitle(topology: string): string;
  /** Section, step and command, as `2.1 3) ip netns exec ns0 ping -c 4 10.1.1.1`. */
  commandLabel(capture: string): string;
  /** Where the time of these experiments went; empty where none of them ran. */
  timeRows(experiments: readonly string[]): readonly TimeRow[];
}
