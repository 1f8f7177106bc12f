import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Teardowns } from '../support/teardowns.ts';

/** Keeps a processor of this machine busy until the test ends. */
export async function hogProcessor(t: Teardowns): Promise<void> {
  const hog = spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' });
  const ended = once(hog, 'close');
  t.teardown(async () => {
    hog.kill('SIGKILL');
    await ended;
  });
  await once(hog, 'spawn');
}
