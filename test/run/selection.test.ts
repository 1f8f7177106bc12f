import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UsageError } from '../../src/core/errors.ts';
import { experimentsToRun } from '../../src/run/selection.ts';
import type { Study } from '../../src/study/schema.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { shellStudy } from './shell-study.ts';

async function study(t: ExecutionContext): Promise<Study> {
  const steps = { step: [{ run: 'true' }] };
  const { study } = await shellStudy(join(await temporaryFolder(t), 'study'), [
    { id: 'base', steps },
    { id: 'other', steps },
    { id: 'middle', after: 'base', steps },
    { id: 'top', after: 'middle', steps },
  ]);
  return study;
}

const ids = (study: Study, only?: string): string[] => experimentsToRun(study, only).map(({ id }) => id);

test('all experiments run, in the order of the study, unless one is named', async (t) => {
  t.deepEqual(ids(await study(t)), ['base', 'other', 'middle', 'top']);
});

test('a named experiment runs with those that it builds on, before it', async (t) => {
  const loaded = await study(t);
  t.deepEqual(ids(loaded, 'top'), ['base', 'middle', 'top']);
  t.deepEqual(ids(loaded, 'middle'), ['base', 'middle']);
  t.deepEqual(ids(loaded, 'other'), ['other']);
});

test('an experiment that the study does not have is refused, and those that it has are named', async (t) => {
  const loaded = await study(t);
  const error = t.throws(() => experimentsToRun(loaded, 'tip'), { instanceOf: UsageError });
  t.is(error.hint, 'Its experiments: base, other, middle, top.');
});
