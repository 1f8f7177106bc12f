/** What is shown of one command's output in reports and recordings; the whole is in the evidence. */
const shownBytes = 64 * 1024;

export interface CutOutput {
  readonly shown: Buffer;
  /** How much was left out behind it; 0 when nothing was. */
  readonly moreBytes: number;
}

export function cutOutput(output: Buffer): CutOutput {
  return { shown: output.subarray(0, shownBytes), moreBytes: Math.max(0, output.length - shownBytes) };
}
