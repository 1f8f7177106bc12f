import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sha256 } from '../../src/core/hash.ts';

const run = promisify(execFile);

/** What is too large to commit and takes minutes to make. */
export interface Recipe {
  /** Called with a folder, writes `file` there: whole, or not at all. */
  readonly script: URL;
  /** What the script reads beside itself. */
  readonly sources: readonly URL[];
  readonly file: string;
}

/**
 * The path of what the recipe makes; made when it is not in the user's cache. `npm test` on a fresh machine would wait for
 * that within a test: .ci/run builds it beforehand.
 */
export async function build({ script, sources, file }: Recipe): Promise<string> {
  const key = sha256(Buffer.concat([script, ...sources].map((source) => readFileSync(source)))).slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'refigure-test', key);
  const path = join(cache, file);
  if (!existsSync(path)) await run('bash', [fileURLToPath(script), cache], { maxBuffer: Infinity });
  return path;
}
