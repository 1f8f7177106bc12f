import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { agreeToBorrow } from '../../src/commands/agree-to-borrow.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import type { Consent } from '../../src/commands/consent.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { select } from '../../src/run/selection.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const study = edit(smallStudy, ['experiments:', 'makes: { namespaces: [a], devices: [] }\nexperiments:']);

interface Agreed {
  /** What was asked. */
  readonly asked: string[];
  readonly told: RunEvent[];
}

/** Asks for a study, with an answer that is given where there is a question. */
async function agree(folder: string, answer: Consent): Promise<Agreed> {
  const asked: string[] = [];
  const told: RunEvent[] = [];
  const loaded = await loadCheckedStudy(folder);
  await agreeToBorrow(loaded, select(loaded.study, {}), {
    tell: (event) => told.push(event),
    consent: (what, { text, enter }) => {
      asked.push(`${what} ${text} ${enter}`);
      return Promise.resolve(answer);
    },
  });
  return { asked, told };
}

async function ownData(t: ExecutionContext): Promise<string> {
  const folder = join(await temporaryFolder(t), 'data');
  const before = process.env['REFIGURE_DATA'];
  process.env['REFIGURE_DATA'] = folder;
  t.teardown(() => {
    if (before === undefined) delete process.env['REFIGURE_DATA'];
    else process.env['REFIGURE_DATA'] = before;
  });
  return folder;
}

test.serial(
  'what a study does on a machine of the user’s is said; it is asked about once, and again when a file of it changed',
  async (t) => {
    const data = await ownData(t);
    const folder = await writeStudy(t, study);
    const first = await agree(folder, 'yes');
    t.is(first.asked.length, 1);
    t.regex(
      first.asked[0] ?? '',
      /^The study small \(.*study\.yaml\) runs 1 command and the script make\.sh as root on your machine\./,
    );
    t.regex(first.asked[0] ?? '', /removed afterwards: namespace a\. Run it there\? no$/);
    t.is((JSON.parse(await readFile(join(data, 'agreed-studies.json'), 'utf8')) as string[]).length, 1);
    const again = await agree(folder, 'no');
    t.deepEqual(again.asked, []);
    t.like(again.told[0], { kind: 'borrow' });
    await appendFile(join(folder, 'make.sh'), '# one line more\n');
    t.is((await agree(folder, 'yes')).asked.length, 1);
  },
);

test.serial('a study that is not agreed to does not run', async (t) => {
  await ownData(t);
  const folder = await writeStudy(t, study);
  await t.throwsAsync(agree(folder, 'no'), { instanceOf: UsageError, message: /not agreed/ });
  // Nor is that taken for a yes the next time.
  t.is((await agree(folder, 'yes')).asked.length, 1);
});

test.serial('where there is nobody to ask it is said and goes on, and is no consent for later', async (t) => {
  await ownData(t);
  const folder = await writeStudy(t, study);
  t.like((await agree(folder, 'nobody')).told[0], { kind: 'borrow' });
  t.is((await agree(folder, 'nobody')).asked.length, 1);
});
