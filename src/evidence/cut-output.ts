/** The part of a huge output that comes after its beginning. */
export interface OutputRest {
  readonly bytes: number;
  /** Newlines in it. */
  readonly lines: number;
  /** Its last bytes. */
  readonly tail: Buffer;
  /** Of the whole output, its beginning included. */
  readonly sha256: string;
}

/** What is shown of one command's output in reports and recordings; the whole is in the evidence. */
export const shownBytes = 64 * 1024;

export interface CutOutput {
  readonly shown: Buffer;
  /** How much was left out behind it; 0 when nothing was. */
  readonly moreBytes: number;
}

/** `limit`: another one than what is shown of one output at most, in bytes. */
export function cutOutput(output: Buffer, rest: OutputRest | null, limit = shownBytes): CutOutput {
  const moreBytes = Math.max(0, output.length - limit) + (rest?.bytes ?? 0);
  return { shown: output.subarray(0, limit), moreBytes };
}

/** Shown of all outputs of a run together, at most; but of each at least its first KiB. */
const shownInAll = 4 * 1024 * 1024;
const shownAtLeast = 1024;

/** How much is shown of each output, in bytes, when a report shows all of these. */
export function shownLimit(outputs: readonly Buffer[]): number {
  const all = outputs.reduce((sum, { length }) => sum + Math.min(length, shownBytes), 0);
  return all <= shownInAll ? shownBytes : Math.max(shownAtLeast, Math.floor(shownInAll / outputs.length));
}
