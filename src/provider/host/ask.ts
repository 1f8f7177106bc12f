import { execa } from 'execa';

const limitMs = 30_000;

/** What a program of the system answers, without the white space at its end; null: it does not, or it fails. */
export async function ask(program: string, args: readonly string[]): Promise<string | null> {
  const { stdout, failed } = await execa(program, args, { stdin: 'ignore', reject: false, timeout: limitMs });
  return failed ? null : stdout.trim();
}
