import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { imageDifferences } from '../../src/audit/same-machine.ts';
import { Interrupts } from '../../src/commands/interrupts.ts';
import { reproduce, type Comparison, type Means, type ReproduceOptions } from '../../src/commands/reproduce.ts';
import { reproductionJson, reproductionText } from '../../src/commands/reproduction-text.ts';
import type { RunCommandOptions } from '../../src/commands/run-options.ts';
import { EvidenceError, HostError } from '../../src/core/errors.ts';
import { withScope } from '../../src/core/scope.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { loadImage } from '../../src/provider/image.ts';
import { v86Version } from '../../src/provider/embedded/v86-version.ts';
import { EventStream } from '../../src/run/event-stream.ts';
import { saveRun, smallRun, smallRunIn, virtualGuest, type SmallRun } from '../support/saved-run.ts';
import { loadStudy } from '../../src/study/load.ts';
import { writeReport } from '../../src/report/write-report.ts';

import { edit, smallStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';

type Guest = NonNullable<RunRecord['guest']>;

/** A guest that this host has, as a run in it records it. */
async function embeddedGuest(change: Partial<Guest> = {}): Promise<Guest> {
  const { identity } = await loadImage();
  return { ...virtualGuest(7), name: 'embedded', provider: `v86 ${v86Version}`, image: identity, ...change };
}

async function recordedRun(t: ExecutionContext, run: SmallRun = {}): Promise<string> {
  return smallRun(t, { ...run, record: { guest: await embeddedGuest(), ...run.record } });
}

interface Again {
  /** What was asked of the new run. */
  readonly asked: readonly (RunCommandOptions & { readonly study: string })[];
  /** To the user, before the run. */
  readonly said: readonly string[];
  readonly comparison: Comparison;
}

/** Reproduces a run; the new one is never run, but saved as it is described, by default as the recorded one is. */
async function reproduced(
  t: ExecutionContext,
  folder: string,
  second: SmallRun = {},
  options: ReproduceOptions = {},
): Promise<Again> {
  const asked: (RunCommandOptions & { study: string })[] = [];
  const again = join(await temporaryFolder(t), 'again');
  const { record } = await openRun(folder);
  const said: string[] = [];
  const interrupts = new Interrupts();
  const events = new EventStream();
  const consent = (): Promise<'no'> => Promise.resolve('no');
  const run: Means['run'] = async (study, wanted) => {
    asked.push({ ...wanted, study });
    const saved = { ...second, record: { ...record, ...second.record } };
    const { guest } = saved.record;
    if (guest === null) throw new Error('it has a guest');
    events.tell({ kind: 'guest-ready', guest });
    events.tell({ kind: 'part-start', part: 'push' });
    saveRun(again, await loadStudy(study), saved);
    events.tell({ kind: 'run-end', folder: again, state: 'complete', failure: null, unsealed: null });
  };
  const say: Means['say'] = (line) => said.push(line);
  try {
    const comparison = await withScope((scope) =>
      reproduce(folder, options, { events, consent, interrupts, scope }, { run, say }),
    );
    return { asked, said, comparison };
  } finally {
    interrupts.release();
  }
}

test('a run is run again from its own folder: its study, guest, clock and seed', async (t) => {
  const folder = await recordedRun(t);
  const { asked, said, comparison } = await reproduced(t, folder, {}, { out: 'x', cold: true });
  t.deepEqual(said, []);
  t.deepEqual(asked, [
    { study: join(folder, 'study', 'study.yaml'), guest: 'embedded', clock: 'virtual', seed: 7, out: 'x', cold: true },
  ]);
  const text = reproductionText(folder, comparison);
  t.regex(text, /: reproduced to the byte: 2 of 2 captures and 3 of 3 journals\.\n/);
  t.regex(text, new RegExp(`digest of both runs: ${(await openRun(folder)).digest ?? ''}\nThe new run is in `));
  t.like(JSON.parse(reproductionJson(comparison)), {
    kind: 'reproduction',
    clock: 'virtual',
    differs: false,
    captures: { same: 2, all: 2 },
    difference: null,
  });
});

test('a run that gave other bytes is told with the first line that differs, harmless, and with the other version', async (t) => {
  const folder = await recordedRun(t, { printed: { names: 'a\n', again: 'a\n' } });
  const host = { ...(await openRun(folder)).record.host, refigure: '9.9.9' };
  const { comparison } = await reproduced(t, folder, {
    printed: { names: 'a\u001b[2J', again: 'a\n' },
    record: { host },
  });
  const text = reproductionText(folder, comparison);
  t.true(
    text.includes(
      [
        ': not reproduced: 1 of 2 captures and 2 of 3 journals are the same.',
        'The first difference is in line 1 of captures/names.txt:',
        "  recorded: 'a'",
        "  again:    'a^[[2J' (without a line feed at its end)",
        'That may be due to Refigure: 0.1.0 recorded the run, and 9.9.9 ran it again.',
        'The new run is in ',
      ].join('\n'),
    ),
    text,
  );
  t.like(JSON.parse(reproductionJson(comparison)), {
    differs: true,
    difference: { file: 'captures/names.txt', line: 1 },
  });
});

test('a run in real time is compared as diff compares', async (t) => {
  const folder = await recordedRun(t, { record: { guest: await embeddedGuest({ clock: { kind: 'real' } }) } });
  const { asked, said, comparison } = await reproduced(t, folder);
  t.regex(said.join(), /cannot be reproduced to the byte.*compared as `refigure diff`/);
  t.like(asked[0], { clock: 'real' });
  t.false(asked[0] !== undefined && 'seed' in asked[0]);
  t.regex(reproductionText(folder, comparison), /^# Two runs side by side[^]*They show the same[^]*The new run is in /);
  t.like(JSON.parse(reproductionJson(comparison)), { clock: 'real', differs: false, comparison: { sameStudy: true } });
  const other = await reproduced(t, folder, { printed: { names: '', again: 'a\n' } });
  t.true(other.comparison.clock === 'real' && other.comparison.diff.differs);
});

test('a run of one experiment is run again with that one alone', async (t) => {
  const folder = await recordedRun(t, {
    study: edit(smallStudy, ['    after: first\n', '']),
    record: { study: { id: 'small', file: 'study.yaml', experiments: ['second'] } },
  });
  const { asked } = await reproduced(t, folder);
  t.deepEqual(asked[0]?.only, ['second']);
});

test('a run that was to stop after a step is run again as far', async (t) => {
  const until = { experiment: 'first', step: 'make' };
  const folder = await recordedRun(t, {
    record: { study: { id: 'small', file: 'study.yaml', experiments: ['first'], until } },
  });
  const { asked } = await reproduced(t, folder);
  t.deepEqual(asked[0]?.only, ['first']);
  t.is(asked[0]?.until, 'first/make');
});

test('a run that is not sound, or not whole, is refused before anything is booted', async (t) => {
  const damaged = await recordedRun(t);
  await appendFile(join(damaged, 'captures/names.txt'), 'b');
  await t.throwsAsync(reproduced(t, damaged), {
    instanceOf: EvidenceError,
    message: /is not sound.*captures\/names\.txt: its SHA-256 is/,
  });
  const partial = await recordedRun(t, { record: { state: 'partial', reason: 'Interrupted.' } });
  await t.throwsAsync(reproduced(t, partial), { instanceOf: EvidenceError, message: /is partial/ });
  await t.throwsAsync(reproduced(t, await recordedRun(t, { record: { guest: null } })), { message: /is partial/ });
});

test('the report of a run may be of another version: it is not what is reproduced', async (t) => {
  const folder = await recordedRun(t);
  await writeReport(folder, ['en', 'zh']);
  await appendFile(join(folder, 'report.md'), 'other words\n');
  t.is((await reproduced(t, folder)).asked.length, 1);
});

test('another image, and another emulator, are told before anything is booted', async (t) => {
  const { image } = await embeddedGuest();
  const other = { ...image, files: image.files.map((file, index) => (index === 0 ? { ...file, sha256: 'ab' } : file)) };
  const [told] = imageDifferences(other, image);
  const cases: [Partial<Guest>, string][] = [
    [{ image: other }, told ?? 'none'],
    [{ provider: 'v86 0.1' }, `the emulator: recorded v86 0.1, here v86 ${v86Version}`],
    [{ provider: `v86 ${v86Version}1` }, `the emulator: recorded v86 ${v86Version}1, here v86 ${v86Version}`],
    [{ provider: 'Bochs 3' }, 'the emulator: recorded Bochs 3, here none of that name'],
    [
      { name: 'mini', provider: 'QEMU 0.9, software emulation (TCG)' },
      'the emulator: recorded QEMU 0.9, software emul',
    ],
  ];
  for (const [change, message] of cases) {
    const folder = await recordedRun(t, { record: { guest: await embeddedGuest(change) } });
    const error = await t.throwsAsync(reproduced(t, folder), { instanceOf: HostError });
    t.true(error.message.startsWith(`The machine of the run is not here:\n${message}`), error.message);
    t.is(error.exitStatus, 69);
  }
});

test('what only a booted machine tells ends the run before its first step', async (t) => {
  const folder = await recordedRun(t);
  const slower = await embeddedGuest({ provider: `v86 ${v86Version}, another build` });
  const error = await t.throwsAsync(reproduced(t, folder, { record: { guest: slower } }), { instanceOf: HostError });
  t.regex(error.message, /the emulator: recorded v86 .*, here v86 .*, another build$/);
});

test('a machine of its user is never found by what a record says, but by what is named', async (t) => {
  for (const name of ['ssh', 'ssh://root@192.0.2.1', './mine.yaml']) {
    const guest = await embeddedGuest({ name, provider: 'ssh', image: { name, files: [] }, clock: { kind: 'real' } });
    const folder = await recordedRun(t, { record: { guest } });
    const error = await t.throwsAsync(reproduced(t, folder), { instanceOf: HostError });
    t.true(error.message.includes(JSON.stringify(name)) && error.hint.includes('--guest'), error.message);
    const { asked } = await reproduced(t, folder, {}, { guest: 'ssh://root@192.0.2.2' });
    t.is(asked[0]?.guest, 'ssh://root@192.0.2.2');
  }
});

test('the command line says why a run can not be reproduced, with a status of its own', async (t) => {
  const none = await refigure(['reproduce', await temporaryFolder(t)]);
  t.is(none.status, 2);
  t.regex(none.stderr, /holds no run[^]*Name the folder of a run/);

  const folder = await recordedRun(t, { record: { guest: await embeddedGuest({ provider: 'v86 0.1' }) } });
  const { status, stdout, stderr } = await refigure(['reproduce', folder, '--json']);
  t.is(status, 69);
  t.regex(stderr, /^The machine of the run is not here:\nthe emulator: recorded v86 0\.1, here /);
  t.like(JSON.parse(stdout), { kind: 'exit', status: 69, failure: { name: 'HostError' } });
});

test('a run of the guest that needs nothing is reproduced by the command line', async (t) => {
  const base = await temporaryFolder(t);
  const source = await smallRunIn(base);
  const [first, second] = [join(base, 'first'), join(base, 'second')];
  const run = await refigure(['run', join(source, 'study'), '--out', first, '--guest', 'embedded']);
  t.is(run.status, 0, run.stderr);
  const { status, stdout, stderr } = await refigure(['reproduce', first, '--out', second, '--json']);
  t.is(status, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  const { clock } = (await openRun(first)).record.guest ?? t.fail('it has a guest');
  t.like(JSON.parse(lines.at(-1) ?? ''), { kind: 'reproduction', clock: clock.kind, differs: false });
  t.like(JSON.parse(lines.at(-2) ?? ''), { kind: 'exit', status: 0 });
  t.is(clock.kind === 'real', /cannot be reproduced to the byte/.test(stderr));
  t.is((await openRun(second)).digest, (await openRun(first)).digest);
});
