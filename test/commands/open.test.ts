import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { writeReport } from '../../src/report/write-report.ts';
import { smallRunIn } from '../support/saved-run.ts';
import { shared, temporaryCopy, temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { refigure } from './cli.ts';

/** A program that writes down what it was told to open, and ends with this status. */
async function openerOf(t: ExecutionContext, status: number): Promise<{ program: string; opened: string }> {
  const folder = await temporaryFolder(t);
  const [program, opened] = [join(folder, 'browser'), join(folder, 'opened')];
  await writeFile(program, `#!/bin/sh\nprintf '%s' "$*" > '${opened}'\nexit ${status}\n`);
  await chmod(program, 0o755);
  return { program, opened };
}

const reported = shared(async (parent) => {
  const folder = await smallRunIn(parent);
  await writeReport(folder, ['en', 'zh']);
  return folder;
});

// How a browser is launched is the system's affair; here it is xdg-open, which asks BROWSER.
const testUnix = testWith('procfs');

testUnix('open opens the page of the language asked for, and says where it is', async (t) => {
  const folder = await reported();
  for (const [options, file] of [
    [[], 'report.html'],
    [['--lang', 'zh'], 'report.zh.html'],
  ] as const) {
    const { program, opened } = await openerOf(t, 0);
    const finished = await refigure(['open', folder, ...options], { env: { BROWSER: program } });
    t.deepEqual(finished, { status: 0, stdout: `${join(folder, file)}\n`, stderr: '' });
    t.is(await readFile(opened, 'utf8'), join(folder, file));
  }
});

testUnix('an opener that fails is status 69, and the path is said all the same', async (t) => {
  const folder = await reported();
  const { program } = await openerOf(t, 1);
  const { status, stdout, stderr } = await refigure(['open', folder], { env: { BROWSER: program } });
  t.is(status, 69);
  t.is(stdout, `${join(folder, 'report.html')}\n`);
  t.regex(stderr, /^No browser opened it: the system's opener ended with status 3\nOpen the file above/);
});

testUnix('without a display nothing is started; --print is content with that', async (t) => {
  const folder = await reported();
  const page = `${join(folder, 'report.html')}\n`;
  const refused = await refigure(['open', folder]);
  t.like(refused, { status: 69, stdout: page });
  t.regex(refused.stderr, /^There is no display here to open it on\.\nOpen the file above/);
  t.deepEqual(await refigure(['open', folder, '--print']), { status: 0, stdout: page, stderr: '' });
});

test('open is status 2 where there is no run, and where its page has not been made', async (t) => {
  const none = await refigure(['open', await temporaryFolder(t)]);
  t.is(none.status, 2);
  t.regex(none.stderr, /holds no run\.\nName the folder of a run/);
  const folder = await temporaryCopy(t, await reported());
  await rm(join(folder, 'report.zh.html'));
  const unmade = await refigure(['open', folder, '--lang', 'zh', '--print']);
  t.is(unmade.status, 2);
  t.is(unmade.stdout, '');
  t.regex(unmade.stderr, /report\.zh\.html is missing\.\n`refigure report .*` makes it\./);
});
