import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { parseLines } from '../reporter/json-lines.ts';
import { editRecord, oldRun, snapshot } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryCopy, temporaryFolder } from '../support/temporary-folder.ts';
import { refigure, type Finished } from './cli.ts';

// A real guest each time, so one test after another: at most two guests run at once on a machine, over all test files.

/** Its second experiment has steps behind the one that looks. */
const longStudy = edit(
  smallStudy,
  [
    'figures:\n',
    '      - id: after\n        title: { en: After, zh: 之后 }\n        origin: added\n        commands: [{ run: ip netns list, capture: late, parse: namespaces }]\n        topology: net\nfigures:\n',
  ],
  [
    'claims:\n',
    'claims:\n  - { id: late, origin: added, statement: { en: Late, zh: 晚 }, expect: size(late.namespaces) == 1 }\n',
  ],
  [
    'figures:\n',
    "figures:\n  - { id: '2', origin: added, caption: { en: Net, zh: 网 }, paper: { en: It., zh: 它。 }, topology: net }\n",
  ],
);

interface Until extends Finished {
  readonly folder: string;
}

async function runUntil(t: ExecutionContext, step: string): Promise<Until> {
  const folder = join(await temporaryFolder(t), 'run');
  const study = await writeStudy(t, longStudy);
  return { folder, ...(await refigure(['run', study, '--until', step, '--out', folder, '--json'])) };
}

test.serial('--until stops behind a step; what comes later is not examined, and the report says so', async (t) => {
  const { folder, status, stdout, stderr } = await runUntil(t, 'second/look');
  t.is(status, 0, stderr);
  const [start, ...events] = parseLines(t, stdout);
  t.like(start, { kind: 'run-start', until: { experiment: 'second', step: 'look' } });
  t.deepEqual(
    events.flatMap(({ kind, step }) => (kind === 'step-start' ? [step] : [])),
    ['make', 'look'],
  );
  const run = await openRun(folder);
  t.like(run.record, { state: 'complete', study: { until: { experiment: 'second', step: 'look' } } });
  t.deepEqual(
    findingsOf(run).verdicts.map(({ claim, state, reason }) => [claim, state, reason]),
    [
      ['late', 'skipped', { kind: 'not-run', experiment: 'second', step: 'after' }],
      ['made', 'upheld', null],
      ['kept', 'upheld', null],
    ],
  );
  const report = await readFile(join(folder, 'report.md'), 'utf8');
  t.regex(report, /the run was to stop before the step `second\/after`/);
  t.regex(report, /The run was to stop before this step\./);
  t.regex(report, /1 more belong to what was not asked for/);
  t.notRegex(report, /This step did not run/);
  t.regex(await readFile(join(folder, 'report.zh.md'), 'utf8'), /本次运行在步骤 `second\/after` 之前即告结束/);
  t.is((await verifyRun(folder)).state, 'sound');

  const again = await refigure(['reproduce', folder, '--out', join(folder, '..', 'again'), '--quiet']);
  t.is(again.status, 0, again.stderr);
  t.regex(again.stdout, /reproduced to the byte: 2 of 2 captures/);
  const whole = await refigure(['run', join(folder, 'study'), '--out', join(folder, '..', 'whole'), '--quiet']);
  t.is(whole.status, 0, whole.stderr);
  t.not((await openRun(join(folder, '..', 'whole'))).digest, run.digest, 'a run of a part has a digest of its own');
});

test.serial('a step that there is not is status 2, before anything boots', async (t) => {
  const { status, stdout, stderr } = await runUntil(t, 'second/lok');
  t.is(status, 2);
  t.is(stdout.split('\n').length, 2, 'one event: exit');
  t.regex(stderr, /runs no step 'second\/lok' here\.\nIts steps: first\/make, second\/look, second\/after\./);
});

test.serial('--list says what would run, in the order of the study, and runs nothing', async (t) => {
  const cwd = await temporaryFolder(t);
  const study = await writeStudy(t, longStudy);
  const all = await refigure(['run', study, '--list'], { cwd });
  t.is(all.status, 0, all.stderr);
  t.is(
    all.stdout.replace(/^.*study\.yaml/, 'study.yaml'),
    `study.yaml: small
experiment first
  step first/make: make.sh, 2 commands
    captures: names
experiment second (after first)
  step second/look: 1 command
    captures: again
  step second/after: 1 command
    captures: late
    topology: net
claims: late, made, kept
`,
  );
  const part = await refigure(['run', study, '--list', '--json', '--until', 'second/look', '--only', 'second'], {
    cwd,
  });
  t.is(part.stdout.split('\n').length, 2);
  t.like(JSON.parse(part.stdout), {
    kind: 'list',
    format: 1,
    study: { id: 'small' },
    experiments: [
      {
        id: 'first',
        after: null,
        steps: [{ id: 'make', script: 'make.sh', commands: 2, captures: ['names'], topology: null }],
      },
      { id: 'second', after: 'first', steps: [{ id: 'look', script: null, commands: 1, captures: ['again'] }] },
    ],
    claims: ['made', 'kept'],
  });
  t.deepEqual(await readdir(cwd), [], 'no folder was made');
});

/** A folder to run in, with a run of the small study in its reports that did not uphold `kept`, and the study itself. */
async function withFailedRun(t: ExecutionContext): Promise<{ cwd: string; study: string; folder: string }> {
  const cwd = await temporaryFolder(t);
  const study = await writeStudy(t, edit(longStudy, ['    after: first\n', '']));
  const run = await smallRun(t, { printed: { names: 'a\n', again: 'b\n' } });
  const folder = join('reports', 'small', '2024');
  const other = await temporaryCopy(t, oldRun);
  await mkdir(join(cwd, 'reports', 'small'), { recursive: true });
  for (const [from, name] of [
    [run, '2024'],
    [other, 'another-study'],
  ] as const) {
    const place = join(cwd, 'reports', 'small', name);
    await rename(from, place);
  }
  return { cwd, study, folder };
}

test.serial('--last-failed runs what the newest run did not uphold, and says which run that was', async (t) => {
  const { cwd, study, folder } = await withFailedRun(t);
  const listed = await refigure(['run', study, '--last-failed', '--list', '--json'], { cwd });
  t.is(listed.status, 0, listed.stderr);
  t.like(JSON.parse(listed.stdout), { experiments: [{ id: 'second' }] });
  t.is(listed.stderr, `Not upheld by the run ${folder}: kept. Run again: second.\n`);
  const before = await snapshot(join(cwd, folder));
  // Nothing made `a` here, as its experiment stands by itself now.
  const run = await refigure(['run', study, '--last-failed', '--quiet'], { cwd });
  t.is(run.status, 1, run.stderr);
  const [name = ''] = (await readdir(join(cwd, 'reports/small'))).filter((each) => /Z$/.test(each));
  t.deepEqual((await openRun(join(cwd, 'reports/small', name))).record.study.experiments, ['second']);
  t.deepEqual(await snapshot(join(cwd, folder)), before);
});

test.serial('--last-failed where nothing failed says so, with status 0, and where nothing ran with 2', async (t) => {
  const { cwd, folder } = await withFailedRun(t);
  const study = await writeStudy(t, edit(smallStudy, ['id: kept', 'id: other']));
  const upheld = await refigure(['run', study, '--last-failed'], { cwd });
  t.is(upheld.status, 0);
  t.is(upheld.stderr, `The run ${folder} upheld every claim that it examined: nothing is to be run again.\n`);
  t.is(upheld.stdout, '');
  await editRecord(join(cwd, folder), (record) => {
    Object.assign(record.study, { id: 'elsewhere' });
  });
  const none = await refigure(['run', study, '--last-failed'], { cwd });
  t.is(none.status, 2);
  t.regex(
    none.stderr,
    /no run of the study small in reports\/small that is over\.\nRun it first without --last-failed/,
  );
});

test.serial('--repeat-each makes several runs, each of another seed, and says how far they agree', async (t) => {
  const parent = await temporaryFolder(t);
  // The seed of a run is in all chance of its guest, so that a claim on one digit of it holds in some runs alone.
  const study = await writeStudy(
    t,
    edit(
      smallStudy,
      [
        '{ run: ip netns list, capture: again, parse: namespaces }',
        '{ run: cat /proc/sys/kernel/random/uuid, capture: again }',
      ],
      ['again.namespaces.exists(n, n.name == "a")', 'again.text.matches("^[0-7]")'],
    ),
  );
  const out = join(parent, 'runs');
  const { status, stdout, stderr } = await refigure(['run', study, '--repeat-each', '3', '--seed', '5', '--out', out]);
  t.is(stderr, '');
  const runs = await Promise.all(['1', '2', '3'].map((number) => openRun(join(out, number))));
  t.deepEqual(
    runs.map(({ record: { guest } }) => guest?.clock.kind === 'virtual' && guest.clock.seed),
    [5, 6, 7],
  );
  const states = runs.map((run) => findingsOf(run).verdicts.find(({ claim }) => claim === 'kept')?.state);
  const upheld = states.filter((state) => state === 'upheld').length;
  t.is(status, upheld === 3 ? 0 : 1);
  const agrees = upheld === 0 || upheld === 3;
  t.regex(stdout, new RegExp(`\n3 runs \\(seeds 5 to 7\\): ${agrees ? 2 : 1} of 2 claims came out the same`));
  if (!agrees) t.true(stdout.includes(`kept: upheld in ${upheld}, refuted in ${3 - upheld}\n`));
  t.true(stdout.endsWith(['1', '2', '3'].map((number) => `Run: ${join(out, number)}\n`).join('')));
});

test.serial(
  'in real time the repeated runs have no seed; with --json what came of them is the last line',
  async (t) => {
    const out = join(await temporaryFolder(t), 'runs');
    const study = await writeStudy(t, smallStudy);
    const args = ['run', study, '--only', 'first', '--clock', 'real', '--repeat-each', '2', '--out', out, '--json'];
    const { status, stdout, stderr } = await refigure(args);
    t.is(status, 0, stderr);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    t.deepEqual(lines.pop(), {
      kind: 'repetitions',
      format: 1,
      runs: ['1', '2'].map((number) => ({ folder: join(out, number), seed: null })),
      claims: [{ claim: 'made', counts: { upheld: 2, refuted: 0, undecided: 0, skipped: 0 }, agrees: true }],
    });
    t.is(lines.filter(({ kind }) => kind === 'exit').length, 2);
    t.is(new Set(lines.map(({ run }) => run)).size, 2);
  },
);

for (const [args, message] of [
  [['--repeat-each', '0'], /whole number from 1 to 1000/],
  [['--repeat-each', '2', '--keep'], /'--repeat-each <number>' cannot be used with option '--keep'/],
  [['--only', 'first', '--last-failed'], /'--only <experiments>' cannot be used with option '--last-failed'/],
] as const) {
  test.serial(`what does not go together is status 2: ${args.join(' ')}`, async (t) => {
    const { status, stderr } = await refigure(['run', ...args]);
    t.is(status, 2);
    t.regex(stderr, message);
  });
}
