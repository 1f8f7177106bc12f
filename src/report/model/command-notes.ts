import type { Origin, Prose, Step } from '../../study/schema.ts';

export interface CommandNote {
  readonly run: string;
  readonly origin: Origin;
  /** As the paper prints it; null where that is what ran. */
  readonly printed: string | null;
  readonly mended: Prose | null;
}

/** The commands that differ from the step in origin, or from the paper in form. */
export function commandNotes(step: Step): CommandNote[] {
  return (step.commands ?? []).flatMap(({ run, origin = step.origin, printed, mended }) => {
    if (origin === step.origin && printed === undefined && mended === undefined) return [];
    return [{ run, origin, printed: printed ?? null, mended: mended ?? null }];
  });
}
