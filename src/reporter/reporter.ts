import type { ToldEvent } from '../run/events.ts';

/** Tells somebody of a run. It hears events and does nothing else: whatever becomes of it, the run goes on. */
export interface Reporter {
  /** Each event, in order. A promise settles when what the event gave to show has been shown. */
  hear(event: ToldEvent): void | Promise<void>;
  /** Nothing more comes. Settles when all has been shown. */
  close?(): Promise<void>;
}

/** Where a reporter writes. */
export interface ReporterContext {
  /** For programs: what is written here is not made fit for a terminal. */
  readonly raw: Output;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether somebody sees `stdout` on a terminal. */
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Output {
  write(text: string): unknown;
}

/** What the module of each reporter exports. */
export interface ReporterModule {
  readonly makeReporter: (context: ReporterContext) => Reporter;
}
