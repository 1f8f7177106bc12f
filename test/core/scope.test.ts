import test from 'ava';
import { GuestError, GuestLeftError } from '../../src/core/errors.ts';
import { Scope, withScope } from '../../src/core/scope.ts';

test('clean-ups run in reverse order, each after the one before it has ended', async (t) => {
  const seen: string[] = [];
  const scope = new Scope();
  scope.defer('first', () => seen.push('first'));
  scope.defer('second', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push('second');
  });
  t.deepEqual(await scope.close(), []);
  t.deepEqual(seen, ['second', 'first']);
  t.deepEqual(await scope.close(), [], 'each runs once');
  t.deepEqual(seen, ['second', 'first']);
});

test('what is deferred while a scope is closed is cleaned up, too', async (t) => {
  const seen: string[] = [];
  const scope = new Scope();
  scope.defer('outer', () => {
    scope.defer('inner', () => seen.push('inner'));
  });
  await scope.close();
  t.deepEqual(seen, ['inner']);
});

test('every clean-up runs whatever the others do, and each failure comes back', async (t) => {
  const seen: string[] = [];
  const scope = new Scope();
  const [thrown, rejected] = [new Error('thrown'), new Error('rejected')];
  scope.defer('one', () => seen.push('one'));
  scope.defer('two', () => {
    throw thrown;
  });
  scope.defer('three', () => Promise.reject(rejected));
  t.deepEqual(await scope.close(), [
    { failure: 'three', error: rejected },
    { failure: 'two', error: thrown },
  ]);
  t.deepEqual(seen, ['one']);
});

test('a clean-up that was taken away does not run, and the others do', async (t) => {
  const seen: string[] = [];
  const scope = new Scope();
  scope.defer('one', () => seen.push('one'));
  const takeAway = scope.defer('two', () => seen.push('two'));
  scope.defer('three', () => seen.push('three'));
  takeAway();
  takeAway();
  await scope.close();
  t.deepEqual(seen, ['three', 'one']);
});

test('work that ends well gives its result, once all is cleaned up', async (t) => {
  const seen: string[] = [];
  const result = await withScope((scope) => {
    scope.defer('it', () => seen.push('cleaned'));
    return Promise.resolve('result');
  });
  t.is(result, 'result');
  t.deepEqual(seen, ['cleaned']);
});

test('the error that ended the work comes through where all could be cleaned up', async (t) => {
  const error = new GuestError('It went away.', 'Run again.');
  const seen: string[] = [];
  const thrown = await t.throwsAsync(
    withScope((scope) => {
      scope.defer('it', () => seen.push('cleaned'));
      throw error;
    }),
  );
  t.is(thrown, error);
  t.deepEqual(seen, ['cleaned']);
});

test('a clean-up that fails after work that ended well is the error', async (t) => {
  const error = new GuestError('It does not stop.', 'End it by hand.');
  const thrown = await t.throwsAsync(
    withScope((scope) => {
      scope.defer('it could not be stopped', () => Promise.reject(error));
      return Promise.resolve();
    }),
  );
  t.is(thrown, error);
});

test('after work that failed, each clean-up that fails is told beside it, and no hint of what is left is lost', async (t) => {
  const first = new Error('The work failed.');
  const thrown = await t.throwsAsync(
    withScope((scope) => {
      scope.defer('the folder could not be removed', () => Promise.reject(new Error('EBUSY')));
      scope.defer('the guest could not be stopped', () => Promise.reject(new GuestError('It runs on.', 'End it.')));
      scope.defer('unused', () => Promise.reject(new GuestLeftError('The machine is not as it was.', 'Remove tap0.')));
      throw first;
    }),
    { instanceOf: GuestLeftError },
  );
  t.is(
    thrown.message,
    'The work failed. The machine is not as it was. Then the guest could not be stopped: It runs on. ' +
      'Then the folder could not be removed: EBUSY',
  );
  t.is(thrown.hint, 'Remove tap0.\nEnd it.\nSee what still runs on this machine.');
});

test('a guest that is left is not lost where other clean-ups fail before or after it', async (t) => {
  const thrown = await t.throwsAsync(
    withScope((scope) => {
      scope.defer('later', () => Promise.reject(new GuestLeftError('It may run on.', 'Look there.')));
      scope.defer('the folder could not be removed', () => Promise.reject(new Error('EBUSY')));
      return Promise.resolve();
    }),
    { instanceOf: GuestLeftError },
  );
  t.regex(thrown.message, /EBUSY It may run on\./);
  t.regex(thrown.hint, /Look there\./);
});
