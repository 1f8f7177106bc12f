import type { BootPhase } from '../core/provider.ts';

/** What happens in a run, for the screen, for `--json` and for the tests. */
export type RunEvent =
  | { readonly kind: 'boot'; readonly phase: BootPhase }
  /** What went otherwise than planned, though the start goes on: why a saved state did not resume, say. */
  | { readonly kind: 'guest-note'; readonly text: string }
  /** `auto` goes on to the next guest. */
  | { readonly kind: 'guest-failed'; readonly guest: string; readonly reason: string }
  | { readonly kind: 'guest-ready'; readonly guest: string; readonly provider: string }
  /** In the midst of a journal; it is made again, and the journal read on. */
  | { readonly kind: 'connection-lost'; readonly reason: string }
  | { readonly kind: 'experiment-start'; readonly experiment: string }
  | { readonly kind: 'step-start'; readonly experiment: string; readonly step: string }
  | { readonly kind: 'command-start'; readonly experiment: string; readonly step: string; readonly command: string }
  /** The newest line that the running command printed. */
  | { readonly kind: 'output'; readonly experiment: string; readonly line: string }
  | { readonly kind: 'command-end'; readonly experiment: string; readonly status: number; readonly seconds: number }
  | { readonly kind: 'step-end'; readonly experiment: string; readonly step: string; readonly status: number }
  | { readonly kind: 'experiment-end'; readonly experiment: string }
  /**
   * A machine of the user's after the run, beside what the run had to remove: lines of its state that are gone or new.
   * Somebody else may have changed it meanwhile.
   */
  | { readonly kind: 'machine-differs'; readonly differences: readonly string[] }
  /** The guest is asked what it is. */
  | { readonly kind: 'facts-start' }
  | { readonly kind: 'facts-end' };

export type Notify = (event: RunEvent) => void;
