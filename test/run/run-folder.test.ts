import { basename } from 'node:path';
import test from 'ava';
import { HostError, UsageError } from '../../src/core/errors.ts';
import { inNewRunFolder } from '../../src/run/run-folder.ts';

const study = 'no-study-has-this-id';

test('a folder that another run takes in the same moment is left to it, and the next number is tried', (t) => {
  const tried: string[] = [];
  const folder = inNewRunFolder(study, (name) => {
    tried.push(basename(name));
    if (tried.length < 3) throw new UsageError(`The folder ${name} holds a run already.`, 'Name another.');
    return name;
  });
  t.is(basename(folder), tried[2] ?? '');
  t.deepEqual(
    tried.map((name) => name.replace(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/, '')),
    ['', '-2', '-3'],
  );
});

test('what else keeps a folder from being made is told, and no other is tried', (t) => {
  let tried = 0;
  t.throws(
    () =>
      inNewRunFolder(study, () => {
        tried++;
        throw new HostError('The disk is full.', 'Free some room.');
      }),
    { instanceOf: HostError },
  );
  t.is(tried, 1);
});
