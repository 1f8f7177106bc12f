import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import test, { type ExecutionContext } from 'ava';
import { digestedFiles } from '../../src/evidence/digest.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { digestOf } from '../../src/study/digest.ts';
import { editRecord, oldRun } from '../support/evidence.ts';
import { documentedCommand } from '../support/documented-command.ts';
import { smallRun, virtualGuest } from '../support/saved-run.ts';
import { testWith } from '../support/tools.ts';

async function virtualRun(t: ExecutionContext, record: Partial<RunRecord> = {}): Promise<string> {
  return smallRun(t, { record: { guest: virtualGuest(), ...record } });
}

async function digestOfRun(folder: string): Promise<string | null> {
  return (await openRun(folder)).digest;
}

test('runs that printed the same have one digest, whatever machine ran them, and when', async (t) => {
  const folder = await virtualRun(t);
  const digest = await digestOfRun(folder);
  t.regex(digest ?? '', /^[0-9a-f]{64}$/);
  await editRecord(folder, (record) => {
    record.startedAt = '2031-05-05T00:00:00.000Z';
    record.host = { ...record.host, system: 'Windows', node: 'v26' };
    record.timings = [];
  });
  await appendFile(join(folder, 'guest/console.log'), 'slow\n');
  await writeFile(join(folder, 'journal/first.arrivals'), 'refigure-arrivals 1\n0 0\n');
  await writeFile(join(folder, 'report.md'), '#\n');
  t.is(await digestOfRun(folder), digest);
});

for (const change of [
  'journal/first.journal',
  'journal/facts.journal',
  'captures/names.txt',
  'captures/more/than.txt',
]) {
  test(`a byte more in ${change} makes another digest`, async (t) => {
    const folder = await virtualRun(t);
    const digest = await digestOfRun(folder);
    await mkdir(dirname(join(folder, change)), { recursive: true });
    await appendFile(join(folder, change), '\0');
    t.not(await digestOfRun(folder), digest);
  });
}

test('a run in real time has none, nor has a partial one', async (t) => {
  t.is(await digestOfRun(await smallRun(t)), null);
  t.is(await digestOfRun(oldRun), null);
  t.is(await digestOfRun(await virtualRun(t, { state: 'partial', reason: 'The run was killed.' })), null);
  t.is(await digestOfRun(await virtualRun(t, { guest: null })), null);
});

test('what a link leads to is no file of the run', async (t) => {
  const folder = await virtualRun(t);
  const digest = await digestOfRun(folder);
  await symlink('/etc/passwd', join(folder, 'captures/passwd.txt'));
  t.is(digestOf(await digestedFiles(folder)), digest ?? '');
});

testWith(
  'sh',
  'find',
  'xargs',
  'sha256sum',
)('coreutils tell the digest of a run as docs/digest.md says', async (t) => {
  const folder = await virtualRun(t);
  await writeFile(join(folder, 'journal/first.arrivals'), 'refigure-arrivals 1\n0 0\n');
  const { stdout } = await execa(await documentedCommand('Of a run'), { shell: 'sh', cwd: folder });
  t.is(stdout, `${(await digestOfRun(folder)) ?? ''}  -`);
});
