import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { InterruptedError } from '../../src/core/errors.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { makeReporter } from '../../src/reporter/json.ts';
import { shellStudy, type ShellExperiment } from '../run/shell-study.ts';
import { describedFields } from '../support/event-schema.ts';
import { FakeProvider, type Failure } from '../support/fake-guest.ts';
import { runInFolder } from '../support/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { parseLines } from './json-lines.ts';
import { collectedContext, told, wholeRun } from './recorded-events.ts';

/** The fake guest runs journal.sh on this machine. */
const test = testWith('procfs');

const experiments = (word: string): readonly ShellExperiment[] => [
  {
    id: 'first',
    steps: {
      prints: [
        { run: `seq 1 200; printf 'no end ${word}'`, capture: 'numbers' },
        { run: 'echo out; echo err >&2; false', capture: 'apart', separate: true },
      ],
      script: `printf '%s\\n' ${word}\n`,
    },
  },
];

interface Reported {
  readonly events: readonly Record<string, unknown>[];
  readonly folder: string;
}

async function attempt(t: ExecutionContext, word: string, failures: readonly Failure[] = []): Promise<Reported> {
  const base = await temporaryFolder(t);
  const provider = new FakeProvider(failures);
  t.teardown(() => {
    provider.guest.cleanUp();
  });
  const context = collectedContext();
  const reporter = makeReporter(context);
  const folder = join(base, 'run');
  await runInFolder({
    loaded: await shellStudy(join(base, 'study'), experiments(word)),
    provider,
    folder,
    onEvent: (event) => void reporter.hear(event),
  });
  return { events: parseLines(t, context.stdout.text), folder };
}

const numbers = Array.from({ length: 200 }, (_, index) => String(index + 1));

function outputOf(events: readonly Record<string, unknown>[]): unknown[] {
  return events.flatMap(({ kind, stream, line }) => (kind === 'output' ? [[stream, line]] : []));
}

test('every line that a command prints is a line of JSON, with its stream, and what has no end comes, too', async (t) => {
  const { events } = await attempt(t, 'word');
  t.deepEqual(outputOf(events), [
    ...numbers.map((number) => ['both', number]),
    ['both', 'no end word'],
    ['both', 'out'],
    ['error', 'err'],
    ['both', 'word'],
  ]);
});

test('a run that fails says why in its end, with the error’s name, hint and exit status', async (t) => {
  const { events } = await attempt(t, 'word', ['boot-fails']);
  t.like(events.at(-1), {
    kind: 'run-end',
    state: 'partial',
    failure: { name: 'GuestError', message: 'It did not boot.', hint: 'Look at it.', exitStatus: 69, problems: [] },
  });
  const boot = events.find(({ kind }) => kind === 'part-end');
  t.like(boot, { part: 'boot', state: 'failed' });
});

test('two runs at once in one process are told apart, and neither touches the other', async (t) => {
  const words = ['left', 'right'];
  const runs = await Promise.all(words.map((word) => attempt(t, word)));
  t.is(new Set(runs.map(({ events }) => events[0]?.['run'])).size, 2);
  for (const [index, { events, folder }] of runs.entries()) {
    const other = words[1 - index] ?? '';
    t.false(JSON.stringify(outputOf(events)).includes(other));
    const { record, captures } = await openRun(folder);
    t.is(record.state, 'complete');
    t.is(record.timings.length, 5);
    t.regex(captures.get('numbers')?.command?.output.toString() ?? '', new RegExp(`no end ${words[index] ?? ''}$`));
  }
});

test('an interrupt is told with the reason that the user gave', async (t) => {
  const base = await temporaryFolder(t);
  const context = collectedContext();
  const reporter = makeReporter(context);
  await runInFolder({
    loaded: await shellStudy(join(base, 'study'), experiments('word')),
    provider: new FakeProvider(),
    folder: join(base, 'run'),
    signal: AbortSignal.abort(new InterruptedError('a test')),
    onEvent: (event) => void reporter.hear(event),
  });
  t.like(parseLines(t, context.stdout.text).at(-1), {
    kind: 'run-end',
    failure: { name: 'InterruptedError', message: 'Interrupted during a test.', exitStatus: 130 },
  });
});

test('events of every kind that has a run of its own are as they are documented', (t) => {
  const context = collectedContext();
  const reporter = makeReporter(context);
  for (const event of told(...wholeRun)) void reporter.hear(event);
  t.is(parseLines(t, context.stdout.text).length, wholeRun.length);
});

test('docs/events.md describes each kind of event with all of its fields, and no others', async (t) => {
  const text = await readFile(packagePath('docs/events.md'), 'utf8');
  const sections = text.split(/^### /m).slice(1);
  const documented = sections.map((section) => {
    const kind = /^`([a-z-]+)`\n/.exec(section)?.[1] ?? section;
    return [kind, [...section.matchAll(/^\| `([^`]+)` /gm)].map(([, field = '']) => field)] as const;
  });
  const expected = [...describedFields()].map(([kind, fields]) => [kind, [...fields]] as const);
  t.deepEqual(sorted(documented), sorted(expected));
});

function sorted(list: readonly (readonly [string, readonly string[]])[]): Record<string, string[]> {
  return Object.fromEntries(list.map(([kind, fields]) => [kind, [...fields].sort()]));
}
