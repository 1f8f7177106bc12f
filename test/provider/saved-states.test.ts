import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { cacheFolder } from '../../src/provider/host/cache-folder.ts';
import { SavedStates } from '../../src/provider/saved-states.ts';
import { testWith } from '../support/tools.ts';

const run = promisify(execFile);
const folder = join(cacheFolder(), 'states', 'test');

/** A process that keeps a state of one letter. */
async function keepIn(how: 'half' | 'whole', letter: string): Promise<void> {
  const child = fileURLToPath(new URL('state-child.ts', import.meta.url));
  await run(process.execPath, ['--import', 'tsx', child, how, letter]);
}

async function stateOf(t: ExecutionContext, make: object = { of: 'a test' }): Promise<string | null> {
  const bytes = await new SavedStates('test', { ...make }).read();
  if (bytes !== null) t.is(bytes.length, 1_000_000);
  return bytes === null ? null : String.fromCharCode(bytes[0] ?? 0);
}

// Windows has no signal that ends a process in its midst.
testWith.serial('procfs')(
  'a state whose writer was killed is never read, and goes when the next one is kept',
  async (t) => {
    await t.throwsAsync(keepIn('half', 'h'), { message: /Command failed/ });
    t.is((await readdir(folder)).length, 1, 'it had begun');
    t.is(await stateOf(t), null);
    await keepIn('whole', 'w');
    t.is(await stateOf(t), 'w');
    t.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [],
    );
  },
);

test.serial('of processes that keep a state at once, one has kept a whole one', async (t) => {
  await new SavedStates('test', { of: 'a test' }).drop();
  await Promise.all(['a', 'b', 'c'].map((letter) => keepIn('whole', letter)));
  t.regex((await stateOf(t)) ?? '', /^[abc]$/);
  t.is((await readdir(folder)).length, 1);
});

test.serial('a state of another version, or another image, is not handed out', async (t) => {
  await new SavedStates('test', { version: '1', image: 'x' }).keep((path) => writeFile(path, 'o'.repeat(1_000_000)));
  t.is(await stateOf(t, { version: '2', image: 'x' }), null);
  t.is(await stateOf(t, { version: '1', image: 'y' }), null);
  t.is(await stateOf(t, { version: '1', image: 'x' }), 'o');
});
