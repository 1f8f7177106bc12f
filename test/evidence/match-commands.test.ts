import test, { type ExecutionContext } from 'ava';
import { readJournal } from '../../src/evidence/journal.ts';
import { matchCommands, type Mismatch } from '../../src/evidence/match-commands.ts';
import type { Step } from '../../src/study/schema.ts';
import { indexedSteps } from '../support/indexed-steps.ts';
import { journalOf } from './journals.ts';

const base = { id: 'make', title: { en: 'Make', zh: '创建' }, origin: 'text' } as const;

/** Matches the commands that a step lists with those that ran in it; by id: what each of them printed, or why nothing. */
async function matched(ran: readonly string[], listed: readonly string[]): Promise<Record<string, string | Mismatch>> {
  const step: Step = { ...base, commands: listed.map((run) => ({ run })) };
  const written = ran.map((text, index) => ({ text, output: `${text} ${index + 1}` }));
  const found = matchCommands(readJournal(journalOf({ make: written })), await indexedSteps([step]), new Set());
  return Object.fromEntries<string | Mismatch>([
    ...found.journal.commands.flatMap(({ id, output }) => (id === null ? [] : [[id, output.toString()] as const])),
    ...[...found.mismatches].map(([key, mismatch]) => [key.replace('one/make/', ''), mismatch] as const),
  ]);
}

async function expectMatched(
  t: ExecutionContext,
  ran: readonly string[],
  listed: readonly string[],
  expected: Readonly<Record<string, string | Mismatch>>,
): Promise<void> {
  t.deepEqual(await matched(ran, listed), expected, `${listed.join('; ')} of ${ran.join('; ')}`);
}

test('a command is found by its text, wherever it stands in the step', async (t) => {
  await expectMatched(t, ['a', 'b', 'c'], ['a', 'b', 'c'], { c1: 'a 1', c2: 'b 2', c3: 'c 3' });
  await expectMatched(t, ['a', 'b', 'c'], ['c', 'b'], { c1: 'c 3', c2: 'b 2' });
  await expectMatched(t, ['a', 'x', 'a'], ['y', 'a', 'x', 'a'], { c2: 'a 1', c3: 'x 2', c4: 'a 3' });
  await expectMatched(t, ['a'], ['a', 'b', 'a'], { c1: 'a 1' });
});

test('another command at the same place is not taken for it', async (t) => {
  await expectMatched(t, ['a', 'b'], ['a', 'B'], { c1: 'a 1', c2: { kind: 'other-command', ran: 'b' } });
});

test('which of several with one text is meant is not guessed', async (t) => {
  await expectMatched(t, ['a', 'x', 'a'], ['x', 'a'], { c1: 'x 2', c2: { kind: 'ambiguous', times: 2 } });
});

test('of a script that runs as one command its content counts, and not how it is run', async (t) => {
  const step: Step = { ...base, script: 'a.py', commands: [{ run: 'python3 ./a.py', capture: 'x' }] };
  const steps = await indexedSteps([step], [['a.py', '#!/usr/bin/env python3\nprint(1)\n']]);
  const journal = readJournal(
    journalOf({ make: [{ id: 'whole', text: steps[0]?.program?.commands[0]?.text ?? '', output: '1\n' }] }),
  );
  const same = matchCommands(journal, steps, new Set(['other.py']));
  t.deepEqual([same.journal.commands[0]?.id, same.steps, same.mismatches.size], ['whole', [], 0]);
  const changed = matchCommands(journal, steps, new Set(['a.py']));
  t.deepEqual([changed.journal.commands[0]?.id, changed.steps], [null, ['make']]);
  t.deepEqual([...changed.mismatches.values()], [{ kind: 'other-script', script: 'a.py' }]);
});

test('the steps that ran other commands are told, and not those that ran in part', async (t) => {
  const steps = await indexedSteps([
    { ...base, id: 'cut', commands: [{ run: 'a' }, { run: 'b' }] },
    { ...base, id: 'more', commands: [{ run: 'a' }] },
    { ...base, id: 'other', commands: [{ run: 'A' }] },
    { ...base, id: 'none', commands: [{ run: 'a' }] },
  ]);
  const [a, b] = ['a', 'b'].map((text) => ({ text, output: '' }));
  if (a === undefined || b === undefined) throw new Error('there are two');
  const journal = readJournal(journalOf({ cut: [a], more: [a, b], other: [a] }));
  t.deepEqual(matchCommands(journal, steps, new Set()).steps, ['more', 'other']);
});
