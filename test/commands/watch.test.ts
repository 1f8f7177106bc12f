import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { edit, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Cli, refigure } from './cli.ts';
import { printed, script, study, type FoundRun } from './dated-steps.ts';

// A real guest each time, so one test after another: at most two guests run at once on a machine, over all test files.

/** A study that is being written, with a process that watches it. */
class Watched {
  readonly #cli: Cli;
  readonly #cwd: string;
  readonly #study: string;
  readonly #seen = new Set<string>();

  private constructor(t: ExecutionContext, cwd: string, folder: string) {
    this.#cwd = cwd;
    this.#study = folder;
    this.#cli = new Cli(['run', folder, '--watch', '--json'], { cwd, env: { TMPDIR: cwd } });
    t.teardown(() => {
      this.#cli.kill();
    });
  }

  static async start(t: ExecutionContext): Promise<Watched> {
    return new Watched(t, await temporaryFolder(t), await writeStudy(t, study, { 'c.sh': script }));
  }

  /** The next run, once it is whole. */
  async run(): Promise<FoundRun> {
    const isNew = { test: (folder: string) => !this.#seen.has(folder) };
    const { folder } = await this.#cli.event({ kind: 'report-end', folder: Object.assign(/./, isNew) });
    this.#seen.add(String(folder));
    const path = join(this.#cwd, String(folder));
    return { folder: path, ...(await openRun(path)) };
  }

  write(file: string, content: string): Promise<void> {
    return writeFile(join(this.#study, file), content);
  }

  async interrupt(): Promise<number | null> {
    this.#cli.interrupt();
    return (await this.#cli.finished).status;
  }

  get cwd(): string {
    return this.#cwd;
  }

  get cli(): Cli {
    return this.#cli;
  }
}

test.serial('a change runs from the first step that changed, and what came before stands as it was', async (t) => {
  const watched = await Watched.start(t);
  const first = await watched.run();
  const before = await printed(first);
  t.is(first.record.resumed, undefined);
  t.is(findingsOf(first).verdicts[0]?.state, 'upheld');

  // A line of the last step.
  const last = edit(study, ['uuid, capture: d', 'uuid; true, capture: d']);
  await watched.write('study.yaml', last);
  const second = await watched.run();
  const { d, ...same } = await printed(second);
  t.deepEqual({ ...same, d: before['d'] }, before);
  t.not(d, before['d']);
  t.deepEqual(second.record.resumed, { experiment: 'two', step: 'd', startedAt: first.record.startedAt });
  t.is(findingsOf(second).verdicts[0]?.state, 'upheld', 'what an earlier step left behind lives on');
  t.is(second.digest, null);
  t.is((await verifyRun(second.folder)).state, 'sound');
  const report = await readFile(join(second.folder, 'report.md'), 'utf8');
  t.regex(report, /Not all of this ran in one go: before the step `two\/d`/);
  t.true(report.includes(first.record.startedAt));

  // A script, which is the first step of its experiment.
  await watched.write('c.sh', `# Again.\n${script}`);
  const third = await watched.run();
  const again = await printed(third);
  t.deepEqual([again['a'], again['b']], [before['a'], before['b']]);
  t.not(again['c'], before['c']);
  t.like(third.record.resumed, { experiment: 'two', step: 'c' });

  // Steps more, and one less.
  const more = edit(
    last,
    [
      '      - id: b\n',
      '      - id: new\n        commands: [{ run: cat /proc/sys/kernel/random/uuid, capture: fresh }]\n      - id: b\n',
    ],
    [
      '      - id: d\n',
      '      - id: d0\n        commands: [{ run: cat /proc/sys/kernel/random/uuid, capture: e }]\n      - id: d\n',
    ],
  );
  await watched.write('study.yaml', more);
  const fourth = await watched.run();
  const longer = await printed(fourth);
  t.deepEqual(Object.keys(longer), ['a', 'fresh', 'b', 'c', 'e', 'd']);
  t.is(longer['a'], before['a']);
  t.not(longer['b'], before['b']);
  t.like(fourth.record.resumed, { experiment: 'one', step: 'new' });
  const less = edit(more, [
    '      - id: d0\n        commands: [{ run: cat /proc/sys/kernel/random/uuid, capture: e }]\n',
    '',
  ]);
  await watched.write('study.yaml', less);
  const fifth = await watched.run();
  t.deepEqual(Object.keys(await printed(fifth)), ['a', 'fresh', 'b', 'c', 'd']);
  t.is((await printed(fifth))['c'], longer['c']);
  t.is((await verifyRun(fifth.folder)).state, 'sound');

  // A step behind the last one of an experiment that is over in the states that come later.
  const behind = edit(less, [
    '  - id: two\n',
    '      - id: end\n        commands: [{ run: cat /proc/sys/kernel/random/uuid, capture: last }]\n  - id: two\n',
  ]);
  await watched.write('study.yaml', behind);
  const sixth = await watched.run();
  t.deepEqual(Object.keys(await printed(sixth)), ['a', 'fresh', 'b', 'last', 'c', 'd']);
  t.like(sixth.record.resumed, { experiment: 'one', step: 'b' });
  t.is((await verifyRun(sixth.folder)).state, 'sound');

  t.is(await watched.interrupt(), 0);
  t.deepEqual(
    (await readdir(watched.cwd)).filter((name) => name.startsWith('refigure-')),
    [],
    'no state is left',
  );
});

test.serial('where a claim alone changed nothing runs, and what was printed is judged again', async (t) => {
  const watched = await Watched.start(t);
  const first = await watched.run();
  t.is(first.judged, null);

  await watched.write('study.yaml', edit(study, ['lives.exitStatus == 0 &&', 'lives.exitStatus == 7 &&']));
  const second = await watched.run();
  t.is(second.judged?.startedAt, first.record.startedAt);
  t.deepEqual(await printed(second), await printed(first));
  t.is(findingsOf(second).verdicts[0]?.state, 'refuted');
  t.is((await verifyRun(second.folder)).state, 'sound');

  // A capture of a command that had none, and what the experiment is called.
  const named = edit(
    study,
    ['  - id: one\n', '  - id: one\n    title: The first\n'],
    ['{ run: ip netns add a }', '{ run: ip netns add a, capture: added }'],
  );
  await watched.write('study.yaml', named);
  const third = await watched.run();
  t.is(third.judged?.startedAt, first.record.startedAt);
  t.is((await printed(third))['added'], '');

  // A command: that one does run.
  await watched.write('study.yaml', edit(study, ['uuid, capture: d', 'uuid; true, capture: d']));
  const fourth = await watched.run();
  t.is(fourth.judged, null);
  t.like(fourth.record.resumed, { experiment: 'two', step: 'd', startedAt: first.record.startedAt });
  t.is(await watched.interrupt(), 0);
});

test.serial('what is wrong with the study is told, and what mends it runs', async (t) => {
  const watched = await Watched.start(t);
  await watched.run();
  await watched.write('study.yaml', edit(study, ['claims:', 'claim:']));
  await watched.cli.event({ kind: 'exit', status: 2 });
  await watched.write('study.yaml', edit(study, ['script: c.sh', 'script: late.sh']));
  await watched.write('late.sh', script);
  const { record } = await watched.run();
  t.like(record.resumed, { experiment: 'two', step: 'c' });
  t.is(await watched.interrupt(), 0);
  t.regex((await watched.cli.finished).stderr, /study\.yaml:\d+:1: [^\n]*claims/);
});

test.serial('Ctrl-C in a run ends it all, and no state is left', async (t) => {
  const watched = await Watched.start(t);
  await watched.cli.event({ kind: 'command-start' });
  t.is(await watched.interrupt(), 130);
  t.deepEqual(
    (await readdir(watched.cwd)).filter((name) => name.startsWith('refigure-')),
    [],
  );
});

for (const [args, message] of [
  [
    ['--guest', 'mini'],
    /no such state of the guest mini can be kept\.\nLeave --guest out: it takes the guest embedded/,
  ],
  [['--clock', 'virtual'], /no such state of a guest whose clock is virtual can be kept/],
  [['--out', 'x'], /'--watch' cannot be used with option '--out <folder>'/],
] as const) {
  test.serial(`--watch with ${args.join(' ')} is status 2, and says what can be`, async (t) => {
    const folder = await writeStudy(t, study, { 'c.sh': script });
    const options = args[0] === '--guest' ? args : [...args, '--guest', 'embedded'];
    const { status, stderr } = await refigure(['run', folder, '--watch', ...options]);
    t.is(status, 2);
    t.regex(stderr, message);
  });
}
