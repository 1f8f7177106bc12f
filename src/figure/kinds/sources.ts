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
  /** The same of each run of the capture's experiment: one, where that has no parameters; none where there is no such capture. */
  runs(capture: string): readonly CaptureRun[];
  topology(name: string): Topology | null;
  /** The title of the step after which the network was observed under this name. */
  stepTitle(topology: string): string;
  /** Section, step and command, as `2.1 3) ip netns exec ns0 ping -c 4 10.1.1.1`. */
  commandLabel(capture: string): string;
  /** What a measure of the study came out as in each cell and repeat; null where the study has none of that name. */
  measured(name: string): Measured | null;
  /** Where the time of these experiments went; empty where none of them ran. */
  timeRows(experiments: readonly string[]): readonly TimeRow[];
}

/** What numbers come from. */
export type NumberSources = Pick<FigureSources, 'measured' | 'runs'>;

/** What was read from a capture in one run of its experiment. */
export interface CaptureRun {
  /** The value of each parameter. */
  readonly cell: Readonly<Record<string, CellValue>>;
  /** From 1. */
  readonly repeat: number;
  readonly observation: Observation | null;
}

/** A measure, with one value for each cell and repeat of its experiment. */
export interface Measured {
  readonly name: string;
  /** In the language of the report. */
  readonly title: string;
  readonly unit: string | null;
  /** The names of its experiment's parameters. */
  readonly parameters: readonly string[];
  readonly rows: readonly MeasuredRow[];
}

export interface MeasuredRow {
  /** The value of each parameter. */
  readonly cell: Readonly<Record<string, CellValue>>;
  /** From 1. */
  readonly repeat: number;
  /** null: it could not be read, and `why` says why. */
  readonly value: number | null;
  readonly why: string | null;
}

export type CellValue = string | number | boolean;
