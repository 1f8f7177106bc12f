import { access, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { openRun } from '../../src/evidence/open.ts';
import { smallRun } from '../support/saved-run.ts';
import { endlessStudy, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { parseLines } from '../reporter/json-lines.ts';
import { Cli, refigure, type Finished } from './cli.ts';

// Ctrl-C while the run is at a certain event of --json, never after a certain time. A real guest each time. Windows has
// no signal that one process could send another for Ctrl-C, and no /proc.
const testSerial = testWith('procfs');

let last: Promise<unknown> = Promise.resolve();

/** One after another, for each has a guest. */
function testInterrupt(title: string, run: (t: ExecutionContext) => Promise<void>): void {
  testSerial(title, (t) => {
    const turn = last.then(() => run(t));
    last = turn.catch(() => undefined);
    return turn;
  });
}

async function begin(t: ExecutionContext, yaml: string, ...options: string[]): Promise<{ cli: Cli; folder: string }> {
  const study = await writeStudy(t, yaml);
  const folder = join(await temporaryFolder(t), 'run');
  return { cli: new Cli(['run', study, '--out', folder, '--json', ...options]), folder };
}

/** Ctrl-C, and what must be so after each. */
async function interrupt(t: ExecutionContext, cli: Cli, folder: string, during: RegExp): Promise<Finished> {
  t.true(cli.running);
  cli.interrupt();
  const finished = await cli.finished;
  t.is(finished.status, 130);
  t.regex(finished.stderr, during);
  t.true(finished.stderr.includes(`The evidence is in ${folder}.`));
  t.notRegex(finished.stderr, /^ +at /m, 'no stack trace');
  t.deepEqual(cli.descendants(), [], 'no process is left');
  t.like(await verifyRun(folder), { state: 'sound', languages: ['en', 'zh'] });
  return finished;
}

async function expectPartial(t: ExecutionContext, folder: string, reason: RegExp): Promise<void> {
  const { record } = await openRun(folder);
  t.is(record.state, 'partial');
  t.regex(record.reason ?? '', reason);
  const report = await readFile(join(folder, 'report.md'), 'utf8');
  t.regex(report, /^# .+\n\n\*\*A partial run: it did not come to its end\./);
  t.regex(report, /Why it ended: `Interrupted during /);
  t.regex(await readFile(join(folder, 'report.zh.md'), 'utf8'), /\*\*不完整的运行/);
}

testInterrupt('Ctrl-C during the boot ends it, and its report calls itself partial', async (t) => {
  const { cli, folder } = await begin(t, smallStudy);
  await cli.event({ kind: 'boot', phase: 'booting' });
  const { stdout } = await interrupt(t, cli, folder, /Interrupted during the boot of the guest\./);
  await expectPartial(t, folder, /during the boot/);
  const events = parseLines(t, stdout);
  const failure = { name: 'InterruptedError', message: 'Interrupted during the boot of the guest.', exitStatus: 130 };
  t.like(
    events.find(({ kind }) => kind === 'run-end'),
    { state: 'partial', folder, failure },
  );
  t.like(
    events.find(({ kind }) => kind === 'report-end'),
    { state: 'partial', folder },
  );
  t.like(events.at(-1), { kind: 'exit', status: 130, failure });
});

testInterrupt('Ctrl-C during the connection ends the guest, and the console log is kept', async (t) => {
  const { cli, folder } = await begin(t, smallStudy, '--clock', 'real');
  await cli.event({ kind: 'boot', phase: 'connecting' });
  await interrupt(t, cli, folder, /Interrupted during the connection to the guest\./);
  await expectPartial(t, folder, /during the connection/);
  t.true((await readFile(join(folder, 'guest', 'console.log'))).length > 0);
});

testInterrupt('Ctrl-C during a step keeps what its command had printed', async (t) => {
  const { cli, folder } = await begin(t, endlessStudy);
  await cli.event({ kind: 'output', line: /icmp_seq=2/ });
  await interrupt(
    t,
    cli,
    folder,
    /Interrupted during experiment second, step look, command: ping -c 1000 127\.0\.0\.1\./,
  );
  await expectPartial(t, folder, /step look/);
  t.regex(await readFile(join(folder, 'captures', 'endless.txt'), 'utf8'), /icmp_seq=1 .*\n.*icmp_seq=2 /);
  const report = await readFile(join(folder, 'report.md'), 'utf8');
  t.regex(report, /1 claims upheld, 0 refuted, 1 undecided/);
  t.regex(report, /# ping -c 1000 127\.0\.0\.1\nPING /);
});

testInterrupt('Ctrl-C during the report leaves a whole run: the report is finished first', async (t) => {
  const { cli, folder } = await begin(t, smallStudy);
  await cli.event({ kind: 'report-start' });
  await interrupt(t, cli, folder, /Interrupted during the report\./);
  const { record } = await openRun(folder);
  t.is(record.state, 'complete');
});

testInterrupt('Ctrl-C during the report of a guest that was to be kept ends the guest', async (t) => {
  const { cli, folder } = await begin(t, smallStudy, '--keep');
  await cli.event({ kind: 'report-start' });
  const { stdout } = await interrupt(t, cli, folder, /Interrupted during the report\./);
  t.notRegex(stdout, /"kind":"kept"/);
});

testInterrupt('a second Ctrl-C ends everything at once, and what had arrived is on the disk', async (t) => {
  const { cli, folder } = await begin(t, endlessStudy);
  await cli.event({ kind: 'output', line: /icmp_seq=2/ });
  // Signals that are sent faster than they are handled count as one, so they are sent until the process is gone.
  while (cli.running) {
    cli.interrupt();
    await setTimeout(10);
  }
  const { status, stderr } = await cli.finished;
  t.is(status, 130);
  // Whichever the second one found: the run in its midst, or at its end.
  t.true(
    stderr.includes(`What had arrived is in ${folder}, and`) || stderr.includes(`The evidence is in ${folder}.`),
    stderr,
  );
  t.deepEqual(cli.descendants(), []);
  await t.throwsAsync(access(join(folder, 'report.md')), { code: 'ENOENT' }, 'there was no time for a report');
  t.regex(await readFile(join(folder, 'captures', 'endless.txt'), 'utf8'), /icmp_seq=2 /);
  const { record } = await openRun(folder);
  // As it was written at the start, or by the first Ctrl-C, whichever the second one found.
  t.regex(record.reason ?? '', /^The run was killed\.$|^Interrupted during /);
});

testInterrupt('a terminal that is closed hangs up twice, and the run still ends in order', async (t) => {
  const { cli, folder } = await begin(t, endlessStudy);
  await cli.event({ kind: 'output', line: /icmp_seq=2/ });
  const end = { isTold: false };
  const told = cli.event({ kind: 'exit' }).then(() => (end.isTold = true));
  while (!end.isTold) {
    cli.signal('SIGHUP');
    await Promise.race([told, setTimeout(10)]);
  }
  t.is((await cli.finished).status, 130);
  await expectPartial(t, folder, /step look/);
  t.like(await verifyRun(folder), { state: 'sound' });
});

testInterrupt('what heeds no Ctrl-C is ended by the first one', async (t) => {
  const folder = await smallRun(t);
  const huge = join(folder, 'captures', 'names.txt');
  await truncate(huge, 2 ** 40); // sparse: it takes no room, and hours to read
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const cli = new Cli(['verify', folder]);
    while (cli.running && !cli.hasOpen(huge)) await setTimeout(10);
    cli.signal(signal);
    t.deepEqual(await cli.finished, { status: null, stdout: '', stderr: '' }, 'a shell calls that 130, or 143');
  }
});

testInterrupt('a run that was killed in a step is recovered: sealed, reported on, and sound', async (t) => {
  const { cli, folder } = await begin(t, endlessStudy);
  await cli.event({ kind: 'output', line: /icmp_seq=2/ });
  const early = await refigure(['recover', folder]);
  t.is(early.status, 2);
  t.regex(early.stderr, /still goes on: process \d+ writes it/);
  cli.kill();
  await cli.finished;
  const unsealed = await refigure(['verify', folder]);
  t.is(unsealed.status, 1);
  t.regex(unsealed.stderr, /manifest\.json: it is missing.*`refigure recover` seals what is there/);
  const recovered = await refigure(['recover', folder]);
  t.deepEqual([recovered.status, recovered.stderr], [0, '']);
  t.regex(recovered.stdout, /: sealed, \d+ files, as a partial run\. Why it ended: The run was killed\.\n/);
  t.is((await refigure(['report', folder])).status, 0);
  t.like(await verifyRun(folder), { state: 'sound', partial: 'The run was killed.' });
  const again = await refigure(['recover', folder]);
  t.is(again.status, 0);
  t.regex(again.stdout, /is sealed already; nothing was changed/);
});
