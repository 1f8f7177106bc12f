import type { Prose } from './schema.ts';

/** What has to hold for anything to be concluded from a run: that the machine was not what was measured, say. */
export interface SelfCheck {
  /** An expression over the captures. */
  readonly expect: string;
  /** What is the matter where it does not hold. */
  readonly otherwise: Prose;
}
