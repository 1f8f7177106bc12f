import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { GuestError, HostError, InterruptedError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/hash.ts';
import { arrivalIndex, readArrivals } from '../../src/evidence/arrivals.ts';
import { layout } from '../../src/evidence/layout.ts';
import type { Journal, RecordedCommand } from '../../src/evidence/journal.ts';
import { openRun } from '../../src/evidence/open.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import type { RunEvent, ToldEvent } from '../../src/run/events.ts';
import { followJournal } from '../../src/run/follow.ts';
import type { RunOutcome } from '../../src/run/run-study.ts';
import { recordings } from '../../src/recording/recording.ts';
import { readCast } from '../recording/casts.ts';
import { doom, FakeGuest, FakeProvider, type Failure } from '../support/fake-guest.ts';
import { runInFolder } from '../support/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { shellStudy, type ShellExperiment } from './shell-study.ts';

/** The fake guest runs journal.sh on this machine. */
const test = testWith('procfs');

const twoExperiments: readonly ShellExperiment[] = [
  {
    id: 'first',
    steps: {
      commands: [
        { run: 'echo one', capture: 'one' },
        { run: 'echo out; echo err >&2; false', capture: 'apart', separate: true },
        { run: 'echo one', capture: 'one_again' },
      ],
      script: 'word=kept\n# a comment\nprintf "%s\\n" "$word"\n',
    },
  },
  { id: 'second', after: 'first', steps: { last: [{ run: 'printf "no newline"', capture: 'last' }] } },
];

/** What follows the word of doom is never printed; it keeps the command running until it is ended. */
const doomed: readonly ShellExperiment[] = [
  {
    id: 'first',
    steps: {
      before: [{ run: 'echo before', capture: 'before' }],
      doomed: [{ run: `printf 'line\\n\\n#${doom}'; sleep 60`, capture: 'cut' }],
    },
  },
  { id: 'second', steps: { never: [{ run: 'echo never', capture: 'never' }] } },
];

/** The same with a line's end: a line is told when it is whole. */
const doomedLine: readonly ShellExperiment[] = [
  { id: 'first', steps: { doomed: [{ run: `printf 'line\\n\\n#${doom}\\n'; sleep 60`, capture: 'cut' }] } },
];

interface Attempt {
  readonly outcome: RunOutcome;
  readonly provider: FakeProvider;
  readonly guest: FakeGuest;
  readonly folder: string;
  readonly events: readonly ToldEvent[];
}

interface AttemptOptions {
  readonly failures?: readonly Failure[];
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
  readonly only?: string;
  /** Called with each event, and the folder of the run. */
  readonly onEvent?: (event: RunEvent, folder: string) => void;
  readonly beforeEnd?: (run: { outcome: RunOutcome; provider: FakeProvider; folder: string }) => Promise<void>;
}

async function attempt(
  t: ExecutionContext,
  experiments: readonly ShellExperiment[],
  options: AttemptOptions = {},
): Promise<Attempt> {
  const base = await temporaryFolder(t);
  const loaded = await shellStudy(join(base, 'study'), experiments);
  const provider = new FakeProvider(options.failures);
  t.teardown(() => {
    provider.guest.cleanUp();
  });
  const folder = join(base, 'run');
  const { outcome, events } = await runInFolder({
    loaded,
    provider,
    folder,
    only: options.only,
    keep: options.keep,
    signal: options.signal,
    onEvent: (event) => options.onEvent?.(event, folder),
    beforeEnd: async (ended) => options.beforeEnd?.({ outcome: ended, provider, folder }),
  });
  return { outcome, provider, guest: provider.guest, folder, events };
}

/** The manifest lists every file of the folder but itself, with its right checksum. */
async function isSealed(t: ExecutionContext, folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, layout.manifest), 'utf8')) as {
    files: Record<string, string>;
  };
  const files = listFiles(folder).filter((file) => file !== layout.manifest);
  const checksums = await Promise.all(files.map(async (file) => [file, sha256(await readFile(join(folder, file)))]));
  t.deepEqual(manifest.files, Object.fromEntries(checksums) as Record<string, string>);
}

/** Partial, for this reason; the guest was stopped once; all that it had said is on the disk, and sealed. */
async function isPartial(
  t: ExecutionContext,
  { outcome, guest, folder }: Attempt,
  expected: { readonly instanceOf: abstract new (...args: never[]) => Error; readonly message: RegExp },
): Promise<void> {
  if (outcome.state !== 'partial') return t.fail('the run is complete');
  t.true(outcome.error instanceof expected.instanceOf);
  t.regex((outcome.error as Error).message, expected.message);
  await isSealed(t, folder);
  const { record, journals, facts } = await openRun(folder);
  t.is(record.state, 'partial');
  t.regex(record.reason ?? '', expected.message);
  const saved = await Promise.all(
    [...journals.keys(), 'facts'].map((name) =>
      readFile(join(folder, layout.journal(name))).catch(() => Buffer.alloc(0)),
    ),
  );
  t.deepEqual(Buffer.concat(saved), Buffer.concat(guest.delivered));
  t.is(facts?.complete ?? true, true);
}

function studyCommands(journal: Journal | undefined): RecordedCommand[] {
  return (journal?.commands ?? []).filter(({ purpose }) => purpose === 'study');
}

/** What the capture files hold is what the journals say, also of a command that was cut off. */
async function capturesAgree(t: ExecutionContext, folder: string): Promise<void> {
  for (const { name: id, command } of (await openRun(folder)).captures.values()) {
    const saved = await readFile(join(folder, layout.capture(id))).catch(() => null);
    t.deepEqual(saved, command?.output ?? null, id);
  }
}

test('a run ends with its evidence sealed, and the guest stopped once', async (t) => {
  const { outcome, guest, folder } = await attempt(t, twoExperiments);
  t.deepEqual(outcome, { state: 'complete', kept: null });
  t.is(guest.stops, 1);
  await isSealed(t, folder);
  await capturesAgree(t, folder);
  const { record, journals, facts } = await openRun(folder);
  t.is(record.state, 'complete');
  t.is(record.reason, null);
  t.deepEqual(record.guest, guest.identity as typeof record.guest);
  t.deepEqual(
    record.timings.map((timing) => ({ ...timing, ms: 0 })),
    [
      { part: 'boot', ms: 0 },
      { part: 'push', ms: 0 },
      { part: 'experiment', experiment: 'first', ms: 0 },
      { part: 'experiment', experiment: 'second', ms: 0 },
      { part: 'facts', ms: 0 },
      { part: 'stop', ms: 0 },
    ],
  );
  t.true(facts?.complete);
  t.deepEqual(
    [...journals].map(([id, { complete, commands }]) => [
      id,
      complete,
      commands.filter(({ purpose }) => purpose === 'study').map(({ output }) => output.toString()),
    ]),
    [
      ['first', true, ['one\n', 'out\n', 'one\n', '', 'kept\n']],
      ['second', true, ['no newline']],
    ],
  );
  const capture = (name: string): Promise<string> => readFile(join(folder, 'captures', name), 'utf8');
  t.is(await capture('apart.txt'), 'out\n');
  t.is(await capture('apart.stderr.txt'), 'err\n');
  t.is(await capture('one_again.txt'), 'one\n');
  t.is(await readFile(join(folder, layout.console), 'utf8'), 'console of the fake guest\n');
});

test('the events of a run come in its order', async (t) => {
  const { events } = await attempt(t, twoExperiments);
  const shown = events.map((event) => {
    switch (event.kind) {
      case 'boot':
        return `boot ${event.phase}`;
      case 'guest-ready':
        return `ready ${event.guest.name}`;
      case 'command-start':
        return `$ ${event.command}`;
      case 'output':
        return `> ${event.line}`;
      case 'command-end':
        return `= ${event.status}`;
      case 'step-start':
      case 'step-end':
        return `${event.kind} ${event.step}`;
      case 'part-start':
      case 'part-end':
        return `${event.kind} ${event.part === 'experiment' ? event.experiment : event.part}`;
      case 'run-end':
        return `${event.kind} ${event.state}`;
      default:
        return event.kind;
    }
  });
  t.deepEqual(shown, [
    'run-start',
    'guest-chosen',
    ...['part-start boot', 'boot booting', 'part-end boot', 'ready fake'],
    ...['part-start push', 'part-end push'],
    'part-start first',
    'step-start commands',
    ...['$ echo one', '> one', '= 0'],
    ...['$ echo out; echo err >&2; false', '> out', '> err', '= 1', 'command-failed'],
    ...['$ echo one', '> one', '= 0'],
    'step-end commands',
    'step-start script',
    ...['$ word=kept', '= 0'],
    ...['$ printf "%s\\n" "$word"', '> kept', '= 0'],
    'step-end script',
    'part-end first',
    'part-start second',
    'step-start last',
    ...['$ printf "no newline"', '> no newline', '= 0'],
    'step-end last',
    'part-end second',
    ...['part-start facts', 'part-end facts'],
    ...['part-start stop', 'part-end stop'],
    'run-end complete',
  ]);
});

test('only the experiments asked for run, and the record names them', async (t) => {
  const { folder } = await attempt(t, twoExperiments, { only: 'first' });
  const { record, journals } = await openRun(folder);
  t.deepEqual(record.study.experiments, ['first']);
  t.deepEqual([...journals.keys()], ['first']);
});

test('a guest is kept where that is asked for, and what its console says later does not touch the evidence', async (t) => {
  const { guest } = await attempt(t, twoExperiments, {
    keep: true,
    beforeEnd: async ({ outcome, provider, folder }) => {
      t.true(outcome.state === 'complete' && outcome.kept?.guest === provider.guest);
      t.is(provider.guest.stops, 0);
      provider.print(Buffer.from('later\n'));
      await isSealed(t, folder);
    },
  });
  t.is(guest.stops, 1, 'its owner stops it in the end');
});

test('what the start of a guest notes is told, and is on its console, without folders of this machine', async (t) => {
  const { outcome, events, folder } = await attempt(t, twoExperiments, { failures: ['state-is-bad'] });
  t.is(outcome.state, 'complete');
  const text = 'a state did not resume: ~/state is damaged';
  t.deepEqual(
    events.flatMap((event) => (event.kind === 'guest-note' ? [event.text] : [])),
    [text],
  );
  t.is(await readFile(join(folder, layout.console), 'utf8'), `console of the fake guest\nrefigure: ${text}\n`);
});

test('a guest that does not boot leaves a partial run with its console', async (t) => {
  const run = await attempt(t, doomed, { failures: ['boot-fails'] });
  await isPartial(t, run, { instanceOf: GuestError, message: /^It did not boot\.$/ });
  t.is(run.guest.stops, 0);
  t.is(await readFile(join(run.folder, layout.console), 'utf8'), 'console of the fake guest\n');
});

test('an upload that fails leaves a partial run, and the guest is stopped', async (t) => {
  const run = await attempt(t, doomed, { failures: ['upload-fails'] });
  await isPartial(t, run, { instanceOf: GuestError, message: /^No room in the guest\.$/ });
  t.is(run.guest.stops, 1);
  t.deepEqual((await openRun(run.folder)).journals.size, 0);
});

for (const [failure, message] of [
  ['dies-in-step', /^The guest went away: its machine stopped\.$/],
  ['connection-dies', /^No connection can be had\.$/],
] as const) {
  test(`${failure}: all that had arrived is kept, and the guest is stopped`, async (t) => {
    const run = await attempt(t, doomed, { failures: [failure, 'chatters-on'] });
    await isPartial(t, run, { instanceOf: GuestError, message });
    t.is(run.guest.stops, 1);
    await capturesAgree(t, run.folder);
    const { journals } = await openRun(run.folder);
    const [before, cut, ...rest] = studyCommands(journals.get('first'));
    t.is(before?.end?.how, 'exited');
    t.is(cut?.output.toString(), `line\n\n#${doom}`);
    t.is(cut?.end, null);
    t.deepEqual(rest, []);
    t.false(journals.has('second'));
  });
}

test('a connection that drops in the midst of a step is made again: nothing is lost, nothing runs twice', async (t) => {
  const count = join(await temporaryFolder(t), 'count');
  const { outcome, guest, folder, events } = await attempt(
    t,
    [
      {
        id: 'first',
        steps: {
          dropped: [
            { run: `echo ran >>${count}; printf 'line\\n\\n#${doom}'; sleep 0.3; seq 1 20000`, capture: 'cut' },
            { run: `cat ${count}`, capture: 'ran' },
          ],
        },
      },
      { id: 'second', steps: { next: [{ run: 'echo next', capture: 'next' }] } },
    ],
    { failures: ['connection-drops'] },
  );
  t.is(outcome.state, 'complete');
  await isSealed(t, folder);
  await capturesAgree(t, folder);
  const { journals, record } = await openRun(folder);
  const [cut, ran] = studyCommands(journals.get('first'));
  const numbers = Array.from({ length: 20000 }, (_, index) => `${index + 1}\n`).join('');
  t.is(cut?.output.toString(), `line\n\n#${doom}${numbers}`);
  t.is(ran?.output.toString(), 'ran\n');
  t.is(record.reconnections, 1);
  t.deepEqual(
    events.flatMap((event) => (event.kind === 'connection-lost' ? [event.reason] : [])),
    ['The connection broke.'],
  );
  const saved = await readFile(join(folder, layout.journal('first')));
  t.deepEqual(saved, Buffer.concat(guest.delivered).subarray(0, saved.length));
});

/** Prints the second line once a file is there, which the test makes some time after it saw the first. */
const halting = (file: string): readonly ShellExperiment[] => [
  {
    id: 'first',
    steps: {
      quick: 'true\ntrue\n',
      halting: [
        { run: `echo one; until [ -e ${file} ]; do sleep 0.05; done; echo two`, limitSeconds: 30 },
        { run: 'echo after' },
      ],
    },
  },
];
const haltMs = 700;

test('what a command prints is in the recording as far apart as it arrived', async (t) => {
  const file = join(await temporaryFolder(t), 'go-on');
  const { outcome, folder } = await attempt(t, halting(file), {
    onEvent: (event) => {
      if (event.kind !== 'output' || event.line !== 'one') return;
      setTimeout(() => {
        writeFileSync(file, '');
      }, haltMs);
    },
  });
  t.is(outcome.state, 'complete');
  await isSealed(t, folder);
  const evidence = await openRun(folder);
  const { events, sent } = readCast(recordings(evidence).get(layout.recording('first')) ?? '');
  const timeOf = (text: string): number => events.find(([, shown]) => shown === text)?.[0] ?? NaN;
  // However late word of either comes: the guest's clock says when the command ended, to within 10 ms.
  t.true(timeOf('two\r\n') - timeOf('one\r\n') >= (haltMs - 20) / 1000);
  t.true(timeOf('after\r\n') >= timeOf('two\r\n'));
  t.regex(sent, /; echo two\r\none\r\ntwo\r\n# echo after\r\nafter\r\n$/);
  t.false(evidence.arrivals.has('facts'));
  t.false(listFiles(folder).includes(layout.arrivals('facts')));
});

test('when a piece arrived is on the disk before anything is made of it, and stays after an interrupt', async (t) => {
  const interrupt = new AbortController();
  const seen: string[] = [];
  const run = await attempt(t, doomedLine, {
    signal: interrupt.signal,
    onEvent: (event, folder) => {
      if (event.kind !== 'output' || !event.line.includes(doom)) return;
      seen.push(readFileSync(join(folder, layout.arrivals('first')), 'latin1'));
      interrupt.abort(new InterruptedError('a test'));
    },
  });
  await isPartial(t, run, { instanceOf: InterruptedError, message: /a test/ });
  const [saved = ''] = seen;
  t.true(arrivalIndex(readArrivals(saved), 0) >= 0);
  const { arrivals, journals } = await openRun(run.folder);
  t.deepEqual(arrivals.get('first'), readArrivals(saved));
  const last = journals.get('first')?.commands.at(-1);
  t.true(arrivalIndex(arrivals.get('first') ?? [], last?.outputAt ?? -1) >= 0);
});

test('an interrupt in the midst of a step leaves a partial run, and the guest is stopped', async (t) => {
  const interrupt = new AbortController();
  const reason = new InterruptedError('a test');
  const run = await attempt(t, doomedLine, {
    failures: ['chatters-on'],
    signal: interrupt.signal,
    onEvent: (event) => {
      if (event.kind === 'output' && event.line.includes(doom)) interrupt.abort(reason);
    },
  });
  await isPartial(t, run, { instanceOf: InterruptedError, message: /^Interrupted during a test\.$/ });
  t.is(run.outcome.state === 'partial' && run.outcome.error, reason);
  t.is(run.guest.stops, 1);
  await capturesAgree(t, run.folder);
});

test('an interrupt before the boot leaves a partial run without a guest', async (t) => {
  const run = await attempt(t, doomed, { signal: AbortSignal.abort(new InterruptedError('the boot')) });
  await isPartial(t, run, { instanceOf: InterruptedError, message: /the boot/ });
  t.is(run.guest.stops, 0);
  t.is((await openRun(run.folder)).record.guest, null);
});

test('a guest that cannot be stopped makes a run partial that went well until then', async (t) => {
  const run = await attempt(t, twoExperiments, { failures: ['stop-fails'] });
  await isPartial(t, run, { instanceOf: GuestError, message: /^The guest does not stop\.$/ });
  t.is(run.guest.stops, 1);
  t.true((await openRun(run.folder)).journals.get('second')?.complete);
});

test('a guest that cannot be stopped after another failure is named beside it', async (t) => {
  const run = await attempt(t, doomed, { failures: ['connection-dies', 'stop-fails'] });
  t.is(
    run.outcome.state === 'partial' && (run.outcome.error as Error).message,
    'No connection can be had. Then the guest could not be stopped: The guest does not stop.',
  );
  t.is(run.guest.stops, 1);
  const { record } = await openRun(run.folder);
  t.is(record.reason, 'No connection can be had. Then the guest could not be stopped: The guest does not stop.');
});

const unwritable: Record<string, { readonly at: RunEvent['kind']; readonly file: string; readonly keep: boolean }> = {
  'a capture': { at: 'command-start', file: layout.capture('apart'), keep: false },
  'the manifest, at the end of a run that was to keep its guest,': {
    at: 'guest-ready',
    file: layout.manifest,
    keep: true,
  },
};

for (const [what, { at, file, keep }] of Object.entries(unwritable)) {
  test(`${what} cannot be written: the run is partial, and the guest is stopped`, async (t) => {
    const run = await attempt(t, twoExperiments, {
      keep,
      onEvent: (event, folder) => {
        if (event.kind === at) mkdirSync(join(folder, file), { recursive: true }); // a folder in the file's place
      },
    });
    t.true(run.outcome.state === 'partial' && run.outcome.error instanceof HostError);
    t.is(run.guest.stops, 1);
    const { record } = await openRun(run.folder);
    t.is(record.state, 'partial');
    t.true(record.reason?.includes(`${basename(file)} cannot be written`), record.reason ?? '');
  });
}

test('a process left behind that holds the channel does not hold up the run', async (t) => {
  const { outcome, guest, folder } = await attempt(t, [
    { id: 'first', steps: { behind: [{ run: 'sleep 60 &', capture: 'behind' }] } },
    { id: 'second', steps: { next: [{ run: 'echo next', capture: 'next' }] } },
  ]);
  t.is(outcome.state, 'complete');
  t.is(guest.stops, 1);
  const { journals } = await openRun(folder);
  t.true(journals.get('first')?.complete);
  t.is(journals.get('second')?.commands[0]?.output.toString(), 'next\n');
});

test('a guest that says nothing for too long is given up, and what it had said is handed out', async (t) => {
  const said = Buffer.from('refigure-journal 1 abc\n\n#abc 1 command 1\ntext\n#abc 2 run 1 1.00\npart\n#abc ');
  const guest = new FakeGuest();
  guest.execute = (_command, options) => {
    options?.onOutput?.(said);
    return new Promise(() => undefined);
  };
  const bytes: Buffer[] = [];
  const outputs: Buffer[] = [];
  const follow = followJournal({
    guest,
    command: () => 'true',
    onLost: () => undefined,
    onBytes: (piece) => bytes.push(piece),
    onEvent: (event) => {
      if (event.kind === 'output') outputs.push(event.bytes);
    },
    silenceMs: 20,
    signal: new AbortController().signal,
  });
  const error = await t.throwsAsync(follow, { instanceOf: GuestError });
  t.is(error.message, 'The guest printed nothing for 0.02 s.');
  t.deepEqual(bytes, [said]);
  t.is(Buffer.concat(outputs).toString(), 'part\n#abc ');
});

test('a journal that ends before its time is an error that says what was complained of', async (t) => {
  const { guest } = new FakeProvider();
  const journal = 'refigure-journal 1 abc\\n\\n#abc 1 command 1\\ntext\\n#abc 2 run 1 1.00\\npart\\n#abc';
  const outputs: Buffer[] = [];
  const follow = followJournal({
    guest,
    command: (offset) => `printf '${journal}' | tail -c +${offset + 1}; echo no such shell >&2`,
    onLost: () => undefined,
    onBytes: () => undefined,
    onEvent: (event) => {
      if (event.kind === 'output') outputs.push(event.bytes);
    },
    silenceMs: 60_000,
    signal: new AbortController().signal,
  });
  const error = await t.throwsAsync(follow, { instanceOf: GuestError });
  t.is(error.message, 'The journal ended before its time. no such shell');
  t.is(Buffer.concat(outputs).toString(), 'part\n#abc');
});

test('a console byte that cannot be written ends the run as partial, and the guest with it', async (t) => {
  const attempted = await attempt(t, twoExperiments, {
    onEvent: (event, folder) => {
      // The console's file is a folder: what the guest prints from now on cannot be written.
      if (event.kind === 'boot') mkdirSync(join(folder, layout.console), { recursive: true });
    },
  });
  t.is(attempted.outcome.state, 'partial');
  t.true(attempted.outcome.state === 'partial' && attempted.outcome.error instanceof HostError);
});

test('the record of a failed run names no folder of this machine', async (t) => {
  const { folder } = await attempt(t, twoExperiments, {
    onEvent: (event, run) => {
      if (event.kind === 'step-start') mkdirSync(join(run, layout.capture('one')), { recursive: true });
    },
  });
  const record = await readFile(join(folder, layout.run), 'utf8');
  t.regex(record, /RUN.*cannot be written/);
  t.false(record.includes(folder));
  t.false(record.includes(process.cwd()));
});

test('the release is asked for before the first step, so that no step can change what it is', async (t) => {
  const forge: readonly ShellExperiment[] = [
    { id: 'first', steps: { forge: [{ run: 'echo forged >"$HOME/release"' }] } },
    { id: 'second', steps: { look: [{ run: 'true' }] } },
  ];
  const { folder } = await attempt(t, forge);
  const { journals, facts } = await openRun(folder);
  const asked = [...journals].map(([id, { commands }]) => [id, commands.map((command) => command.id)]);
  t.deepEqual(asked, [
    ['first', ['release', 'c1', 'left']],
    ['second', ['c1', 'left']],
  ]);
  t.false(facts?.commands.some(({ id }) => id === 'release') ?? true);
});
