import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sha256 } from '../../../src/core/hash.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('.', import.meta.url));
const sources = ['build-box.sh', 'customize-box.sh', 'box.Vagrantfile'];

/**
 * The box that the tests boot, Debian 12; built when it is not in the user's cache, which takes some minutes. `npm test`
 * on a fresh machine would wait for that within a test: .ci/run builds it beforehand.
 */
export async function testBox(): Promise<string> {
  const key = sha256(Buffer.concat(sources.map((name) => readFileSync(join(folder, name))))).slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'refigure-test', key);
  const box = join(cache, 'test.box');
  if (!existsSync(box)) await run('bash', [join(folder, 'build-box.sh'), cache], { maxBuffer: Infinity });
  return box;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await testBox()}\n`);
