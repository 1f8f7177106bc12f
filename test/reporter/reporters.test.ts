import test from 'ava';
import type { RunEvent } from '../../src/run/events.ts';
import { chooseReporters, makeReporters, type ReporterName } from '../../src/reporter/reporters.ts';
import { extendedSource, extensionFixture, runExtended } from '../support/extended-source.ts';
import { writeStudy } from '../support/small-study.ts';
import { collectedContext, told, wholeRun, type CollectedContext } from './recorded-events.ts';

async function report(
  names: readonly ReporterName[],
  events: readonly RunEvent[],
  context = collectedContext(),
): Promise<CollectedContext> {
  const reporters = await makeReporters(names, context);
  for (const event of told(...events)) reporters.hear(event);
  await reporters.close();
  return context;
}

test('plain lines tell what is done, and everything that the study’s commands print', async (t) => {
  const { stdout, stderr } = await report(['plain'], wholeRun);
  t.is(
    stdout.text,
    `Guest: mini (centos-7.6: no box)
A paper (2024)
Boot the guest
  booting
  mini (QEMU 7)
1 The first
  Make it
    $ ping 127.0.0.1
    > # more
    | 64 bytes: seq=1
    | ::error::not ours
    = status 1
    ✗ make it  failed unexpectedly with status 1: no
Write the report

Not reproduced: 50% of it, 1: 2.
made: refuted: There is a
  Expected: names.namespaces.size() == 1
    names.namespaces.size() =  [2J0
Report: runs/a/report.md
Page: runs/a/report.html
`,
  );
  t.is(stderr.text, '');
});

test('where there is no terminal to draw on, the list is plain lines', async (t) => {
  t.is((await report(['list'], wholeRun)).stdout.text, (await report(['plain'], wholeRun)).stdout.text);
});

test('quiet tells nothing of a run that came to its end', async (t) => {
  const { stdout, stderr } = await report(['quiet'], wholeRun);
  t.deepEqual([stdout.text, stderr.text], ['', '']);
});

test('quiet tells of a large download that nobody was asked about, of a machine that differs, and how to enter a kept guest', async (t) => {
  const download = { kind: 'download-start', guest: 'a', from: 'example.org', bytes: 420e6 } as const;
  const { stdout, stderr } = await report(
    ['quiet'],
    [
      { ...download, unasked: false },
      { ...download, unasked: true },
      { kind: 'machine-differs', differences: ['new: link: x'] },
      { kind: 'kept', how: 'left', where: 'in the folder /x', enter: 'vagrant ssh', remove: 'vagrant destroy' },
    ],
  );
  t.regex(stderr.text, /^The guest a is a download of 420 MB from example\.org\.\nWarning: [^]*\n {2}new: link: x\n/);
  t.regex(stdout.text, /vagrant ssh\n[^]*vagrant destroy\nBoth in the folder \/x\.\n$/);
});

test('json tells each event as it is, one a line; the first has the format', async (t) => {
  const { stdout } = await report(['json'], wholeRun);
  const lines = stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  t.deepEqual(
    lines,
    told(...wholeRun).map((event, index) => (index === 0 ? { format: 1, ...event } : event)),
  );
});

test('several reporters tell of one run, each named once', async (t) => {
  const { stdout } = await report(['quiet', 'json', 'json'], wholeRun);
  t.is(stdout.text.split('\n').length, wholeRun.length + 1);
});

test('the default is the list on a terminal and plain lines elsewhere, with annotations where GitHub runs us', (t) => {
  const context = collectedContext();
  const github = { GITHUB_ACTIONS: 'true' };
  t.deepEqual(chooseReporters({}, { ...context, isTerminal: true }), ['list']);
  t.deepEqual(chooseReporters({}, context), ['plain']);
  t.deepEqual(chooseReporters({}, { ...context, environment: github }), ['github', 'plain']);
  t.deepEqual(chooseReporters({ json: true }, { ...context, environment: github }), ['json']);
  t.deepEqual(chooseReporters({ quiet: true }, context), ['quiet']);
  t.deepEqual(chooseReporters({ reporter: ['quiet', 'github'] }, context), ['quiet', 'github']);
});

test('a new reporter is one file and one line: the command line lists it, and it hears how a run ended', async (t) => {
  const source = await extendedSource(t, {
    files: { 'src/reporter/tally.ts': await extensionFixture('tally-reporter.ts', 2) },
    lines: [
      {
        file: 'src/reporter/reporters.ts',
        after: "  github: () => import('./github.ts'),",
        line: "  tally: () => import('./tally.ts'),",
      },
    ],
  });
  const { stdout: help } = await runExtended(source, ['run', '--help']);
  t.regex(help.replaceAll(/\s+/g, ' '), /list, plain, json, quiet, github, tally/);
  const study = await writeStudy(t, 'format: 1\n');
  const { status, stdout } = await runExtended(source, ['run', study, '--reporter', 'tally']);
  t.is(status, 2);
  t.is(stdout, '1 exit (status 2)\n');
});
