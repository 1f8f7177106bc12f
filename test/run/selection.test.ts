import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UsageError } from '../../src/core/errors.ts';
import { select, selectBefore, stepsToRun, type Selection } from '../../src/run/selection.ts';
import type { LoadedStudy } from '../../src/study/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { shellStudy } from './shell-study.ts';

async function study(t: ExecutionContext): Promise<LoadedStudy> {
  const steps = { one: [{ run: 'true' }], two: [{ run: 'true' }], three: [{ run: 'true' }] };
  return shellStudy(join(await temporaryFolder(t), 'study'), [
    { id: 'base', steps },
    { id: 'other', steps: { alone: [{ run: 'true' }] } },
    { id: 'middle', after: 'base', steps },
    { id: 'top', after: 'middle', steps },
  ]);
}

const ids = ({ experiments }: Selection): string[] => experiments.map(({ id }) => id);

function placesIn(loaded: LoadedStudy, selection: Selection): string[] {
  return selection.experiments.flatMap(({ id }) =>
    stepsToRun(selection, loaded.index.stepsOf(id)).map(({ step }) => `${id}/${step.id}`),
  );
}

test('all experiments run, in the order of the study, unless some are named', async (t) => {
  const loaded = await study(t);
  t.deepEqual(ids(select(loaded.study, {})), ['base', 'other', 'middle', 'top']);
  t.is(placesIn(loaded, select(loaded.study, {})).length, 10);
});

test('named experiments run with those that they build on, each once and before them', async (t) => {
  const loaded = (await study(t)).study;
  t.deepEqual(ids(select(loaded, { only: ['top'] })), ['base', 'middle', 'top']);
  t.deepEqual(ids(select(loaded, { only: ['middle'] })), ['base', 'middle']);
  t.deepEqual(ids(select(loaded, { only: ['middle', 'other', 'middle'] })), ['base', 'other', 'middle']);
});

test('--quick runs what the study names as quick, with what that builds on', async (t) => {
  const loaded = (await study(t)).study;
  t.deepEqual(ids(select({ ...loaded, quick: ['middle'] }, { quick: true })), ['base', 'middle']);
  t.is(ids(select({ ...loaded, quick: ['middle'] }, {})).length, 4);
  const error = t.throws(() => select(loaded, { quick: true }), { instanceOf: UsageError });
  t.is(error.message, 'The study small does not say what of it is quick.');
});

test('an experiment that the study does not have is refused, and those that it has are named', async (t) => {
  const loaded = (await study(t)).study;
  const error = t.throws(() => select(loaded, { only: ['base', 'tip'] }), { instanceOf: UsageError });
  t.is(error.message, "The study small has no experiment 'tip'.");
  t.is(error.hint, 'Its experiments: base, other, middle, top.');
});

test('a run stops behind a step, whatever would come then', async (t) => {
  const loaded = await study(t);
  const chosen = select(loaded.study, { until: 'middle/two' });
  t.deepEqual(chosen.until, { experiment: 'middle', step: 'two' });
  t.deepEqual(placesIn(loaded, chosen), [
    'base/one',
    'base/two',
    'base/three',
    'other/alone',
    'middle/one',
    'middle/two',
  ]);
  t.deepEqual(placesIn(loaded, select(loaded.study, { only: ['middle'], until: 'base/one' })), ['base/one']);
  t.deepEqual(select(loaded.study, { until: 'alone' }).until, { experiment: 'other', step: 'alone' });
});

for (const [name, message, hint] of [
  ['two', "Several steps have the name 'two'.", 'Say which: base/two, middle/two, top/two.'],
  ['other/two', "The study small runs no step 'other/two' here.", /^Its steps: base\/one, .*top\/three\.$/],
] as const) {
  test(`a step that is not one of the study's is refused: ${name}`, async (t) => {
    const loaded = (await study(t)).study;
    const error = t.throws(() => select(loaded, { until: name }), { instanceOf: UsageError });
    t.is(error.message, message);
    if (typeof hint === 'string') t.is(error.hint, hint);
    else t.regex(error.hint, hint);
  });
}

test('what comes before a step is all up to the step before it, in its experiment or the one before', async (t) => {
  const loaded = await study(t);
  const before = (step: string, only?: readonly string[]): string[] =>
    placesIn(loaded, selectBefore(loaded.study, step, only));
  t.deepEqual(before('base/one'), []);
  t.deepEqual(before('base/three'), ['base/one', 'base/two']);
  t.deepEqual(before('alone'), ['base/one', 'base/two', 'base/three']);
  t.deepEqual(before('middle/one', ['middle']), ['base/one', 'base/two', 'base/three']);
});

test('a run that goes on from a step must come to it', async (t) => {
  const { study: loaded } = await study(t);
  t.deepEqual(select(loaded, { from: 'middle/two' }).from, { experiment: 'middle', step: 'two' });
  t.deepEqual(select(loaded, { from: 'middle/two', until: 'middle/two' }).from, { experiment: 'middle', step: 'two' });
  t.is(select(loaded, { until: 'middle/two' }).from, null);
  const behind = t.throws(() => select(loaded, { from: 'middle/three', until: 'middle/two' }), {
    instanceOf: UsageError,
  });
  t.is(behind.message, 'The step middle/three comes behind middle/two, where the run ends.');
  t.throws(() => select(loaded, { from: 'top/one', until: 'middle/two' }), { message: /runs no step 'top\/one' here/ });
});
