import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { openRun } from '../../src/evidence/open.ts';
import { recoverRun } from '../../src/run/recover.ts';
import { parseLines } from '../reporter/json-lines.ts';
import { edit, endlessStudy, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { Cli, refigure, type Finished } from './cli.ts';

// What happens to the folder of a run, or to its disk, while the run goes on. A real guest each time, one after another.

/** Windows moves no folder that has an open file in it. */
const test = testWith.serial('procfs');

/** A run of an endless step, to whose folder something happens once the command has printed. */
async function spoil(
  t: ExecutionContext,
  happens: (folder: string) => Promise<void>,
): Promise<Finished & { folder: string }> {
  const study = await writeStudy(t, endlessStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const cli = new Cli(['run', study, '--out', folder, '--json']);
  await cli.event({ kind: 'output', line: /icmp_seq=2/ });
  await happens(folder);
  return { ...(await cli.finished), folder };
}

function expectGone(t: ExecutionContext, { status, stdout, stderr, folder }: Finished & { folder: string }): void {
  t.is(status, 69);
  const [first = '', ...others] = stderr.split('\n');
  t.is(
    first,
    `The evidence is not sealed: The folder of the run is gone: ${folder} was moved or removed while the run went on.`,
  );
  t.regex(others.join('\n'), /^The folder of the run is gone: /m);
  t.notRegex(stderr, /The evidence is in|The evidence is whole|defect/);
  const end = parseLines(t, stdout).find(({ kind }) => kind === 'run-end');
  t.like(end, { state: 'partial', failure: { name: 'HostError', exitStatus: 69 } });
  t.regex(String(end?.['unsealed']), /is gone/);
}

test('a run whose folder is moved ends as partial, and nothing is made in its place', async (t) => {
  const finished = await spoil(t, (folder) => rename(folder, `${folder}.moved`));
  expectGone(t, finished);
  const moved = `${finished.folder}.moved`;
  t.false(existsSync(finished.folder));
  t.regex(await readFile(join(moved, 'captures', 'endless.txt'), 'utf8'), /icmp_seq=2 /);
  t.is((await recoverRun(moved)).state, 'recovered');
  t.regex((await openRun(moved)).record.reason ?? '', /^The folder of the run is gone: RUN was moved/);
});

test('a run whose folder is removed ends as partial, and nothing is made in its place', async (t) => {
  const finished = await spoil(t, (folder) => rm(folder, { recursive: true }));
  expectGone(t, finished);
  t.false(existsSync(finished.folder));
});

test('a report of a run that still goes on does no harm: the run is sound in the end', async (t) => {
  const study = await writeStudy(
    t,
    edit(smallStudy, ['run: ip netns list, capture: again', 'run: ping -c 4 127.0.0.1; ip netns list, capture: again']),
  );
  const folder = join(await temporaryFolder(t), 'run');
  const cli = new Cli(['run', study, '--out', folder, '--json', '--clock', 'real']);
  await cli.event({ kind: 'command-start', experiment: 'second' });
  const { status, stderr } = await refigure(['report', folder]);
  t.is(status, 0, stderr);
  t.regex(stderr, /The run still goes on/);
  t.like(await verifyRun(folder), {
    state: 'off',
    file: 'manifest.json',
    what: 'it is missing, for the run still goes on',
  });
  t.true(cli.running, 'the run went on all the while');
  await cli.finished;
  t.like(await verifyRun(folder), { state: 'sound', partial: null });
});

testWith.serial('procfs', 'tmpfs')(
  'a disk that becomes full is told first, and nothing is called whole that is not',
  async (t) => {
    const disk = await temporaryFolder(t);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', disk]);
    t.teardown(() => execFileSync('umount', ['-l', disk]));
    const much = 'run: cat /dev/zero | tr "\\\\0" x | head -c 1000000, capture: again';
    const study = await writeStudy(
      t,
      edit(
        smallStudy,
        ['run: ip netns list, capture: again, parse: namespaces', much],
        ['again.namespaces.exists(n, n.name == "a")', 'names.namespaces.exists(n, n.name == "a")'],
      ),
    );
    const folder = join(disk, 'run');
    const { status, stderr } = await refigure(['run', study, '--out', folder, '--quiet']);
    t.is(status, 69);
    t.regex(stderr, /^The evidence is not sealed: .*ENOSPC/m);
    t.regex(stderr, /^\S*(?:journal|captures)\S* cannot be written: ENOSPC/m);
    t.regex(stderr, /^Then the report could not be made: .*ENOSPC/m);
    t.regex(stderr, /The disk is full: free some room/);
    t.regex(stderr, /once that is mended, `refigure recover` seals it/);
    t.notRegex(stderr, /The evidence is whole|The evidence is in/);

    execFileSync('mount', ['-o', 'remount,size=16m', disk]);
    t.is((await refigure(['recover', folder])).status, 0);
    t.is((await refigure(['report', folder])).status, 0);
    const audit = await verifyRun(folder);
    t.is(audit.state, 'sound');
    if (audit.state !== 'sound') return;
    t.regex(audit.partial ?? '', /^RUN\S* cannot be written: ENOSPC/, 'nobody killed it');
  },
);
