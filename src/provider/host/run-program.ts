import { execa } from 'execa';

export interface RunProgramOptions {
  /** How long it may take, in ms. */
  readonly limitMs: number;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program ended, and what it printed, without the newline at the end. */
export interface ProgramResult {
  /** It is not there, it took too long, or it ended by a signal or with another status than 0. */
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly all: string;
}

/** Runs a program that soon ends by itself, with no input. Rejects never: see ProgramResult.failed. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { limitMs, env = {} }: RunProgramOptions,
): Promise<ProgramResult> {
  const options = { env, stdin: 'ignore', all: true, reject: false, timeout: limitMs } as const;
  const { failed, stdout, stderr, all } = await execa(program, args, options);
  return { failed, stdout, stderr, all };
}
