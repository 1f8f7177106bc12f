import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExecutionContext } from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

/** One who follows a journal by follow.sh, and whose connection stays: its end, and what it printed until then. */
async function follow(
  t: ExecutionContext,
  [command, ...args]: readonly [string, ...string[]],
  [plan, journal]: readonly [string, string],
): Promise<string> {
  const child = spawn(command, [...args, packagePath('src/run/follow.sh'), plan, journal, '0'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return printed;
}

const shells = [
  ['dash', 'dash'],
  ['bash', 'bash'],
  ['busybox', 'busybox', 'sh'],
] as const;

for (const [tool, ...shell] of shells) {
  testWith(tool)(
    `${tool}: who follows a plan that was killed comes to an end, also who came to it later`,
    async (t) => {
      const folder = await temporaryFolder(t);
      const [plan, journal] = [join(folder, 'plan'), join(folder, 'journal')] as const;
      await writeFile(plan, 'echo one\nkill -9 $$\n');
      t.regex(await follow(t, shell, [plan, journal]), /^one\n/);
      t.regex(await follow(t, shell, [plan, journal]), /^one\n/);
    },
  );

  testWith(tool)(`${tool}: who followed while the plan ran comes to an end when it is killed`, async (t) => {
    const folder = await temporaryFolder(t);
    const [plan, journal] = [join(folder, 'plan'), join(folder, 'journal')] as const;
    await writeFile(plan, `echo one\nuntil [ -e '${folder}/go' ]; do sleep 0.1; done\nkill -9 $$\n`);
    const first = follow(t, shell, [plan, journal]);
    const second = follow(t, shell, [plan, journal]);
    await writeFile(join(folder, 'go'), '');
    for (const printed of await Promise.all([first, second])) t.regex(printed, /^one\n/);
  });
}
