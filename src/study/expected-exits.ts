import type { Exits } from './schema.ts';
import type { IndexedStep } from './study-index.ts';

/** How a command ended, as the journal has it. */
export interface Ending {
  readonly status: number;
  /** `running`: a process in the background, of a run that was cut off. */
  readonly how: 'exited' | 'limit' | 'left' | 'stopped' | 'killed' | 'running';
}

/** How a command of a step is expected to end; null: the study says nothing of it, and it is judged by its script's end. */
export function expectedExits({ step, commands }: IndexedStep, id: string | null): Exits | 'ping' | null {
  const said = commands.find((each) => each.id === id)?.command;
  if (said?.exits !== undefined) return said.exits;
  if (typeof step.exits === 'object' && !Array.isArray(step.exits)) {
    const line = step.exits[id?.slice(1) ?? ''];
    if (line !== undefined) return line;
  } else if (step.exits !== undefined) return step.exits;
  if (said === undefined || (step.script !== undefined && said.capture === undefined)) return null;
  return said.parse === 'ping' ? 'ping' : 0;
}

/**
 * How the last command of a script failed its script: of a command of which nothing is said, its script's own status counts.
 * null: that is 0, or the step has no script, or its last command is judged by itself.
 */
export function failureOfScript(
  step: IndexedStep,
  last: { readonly id: string | null },
  status: number,
): number | null {
  const isJudged = step.step.script === undefined || expectedExits(step, last.id) !== null;
  return isJudged || status === 0 ? null : status;
}

/** Whether a command ended as it was expected to. One that was ended by its time limit did only where that is expected. */
export function endsAsExpected(expected: Exits | 'ping', { status, how }: Ending): boolean {
  if (expected === 'any') return true;
  if (expected === 'limit') return how === 'limit';
  // ping(8) ends with 1 where nothing answers. Ended by its limit it prints its statistics, and ends by itself.
  if (expected === 'ping') return status === 0 || status === 1;
  if (how === 'limit') return false;
  if (expected === 'nonzero') return status !== 0;
  return (Array.isArray(expected) ? expected : [expected]).includes(status);
}
