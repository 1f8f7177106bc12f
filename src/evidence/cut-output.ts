import type { OutputRest } from './journal.ts';

/** What is shown of one command's output in reports and recordings; the whole is in the evidence. */
export const shownBytes = 64 * 1024;

export interface CutOutput {
  readonly shown: Buffer;
  /** How much was left out behind it; 0 when nothing was. */
  readonly moreBytes: number;
}

export function cutOutput(output: Buffer, rest: OutputRest | null): CutOutput {
  const moreBytes = Math.max(0, output.length - shownBytes) + (rest?.bytes ?? 0);
  return { shown: output.subarray(0, shownBytes), moreBytes };
}
