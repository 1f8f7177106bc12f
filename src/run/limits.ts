import type { IndexedStep } from '../study/study-index.ts';

/** Of a command, where the study does not say, in s. */
export const defaultLimitS = 60;
/** Of a script that runs as one command. */
export const defaultWholeLimitS = 600;

/** The time limits of the commands of a step, in s. */
export function limitsOf(step: IndexedStep): number[] {
  return (step.program?.commands ?? []).map(({ id }) => limitOf(step, id));
}

export function limitOf({ commands, program }: IndexedStep, id: string): number {
  const said = commands.find((each) => each.id === id)?.command.limitSeconds;
  return said ?? (program?.traced.kind === 'whole' ? defaultWholeLimitS : defaultLimitS);
}
