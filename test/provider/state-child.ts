/**
 * Keeps a state in the cache of its environment, and is killed when half of it is written; or writes all of it. Its arguments:
 * `half` or `whole`, and a letter that the state is made of.
 */
import { writeFile } from 'node:fs/promises';
import { SavedStates } from '../../src/provider/saved-states.ts';

const [, , how = '', letter = ''] = process.argv;

await new SavedStates('test', { of: 'a test' }).keep(async (path) => {
  await writeFile(path, letter.repeat(1_000_000));
  if (how === 'half') process.kill(process.pid, 'SIGKILL');
});
