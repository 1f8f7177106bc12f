import { runProgram } from './run-program.ts';

const limitMs = 30_000;

/** What a program of the system prints, without the white space at its end; null: it is missing, or it fails. */
export async function ask(program: string, args: readonly string[]): Promise<string | null> {
  const { stdout, failed } = await runProgram(program, args, { limitMs });
  return failed ? null : stdout.trim();
}
