import { getEventListeners } from 'node:events';
import test from 'ava';
import { deadline } from '../../src/provider/deadline.ts';

const never = new Promise<never>(() => undefined);
const late = (): Error => new Error('too late');
const longMs = 2 ** 30;

test('work that ends in time is its result', async (t) => {
  t.is(await deadline(Promise.resolve(7), longMs, new AbortController().signal, late), 7);
});

test('work that fails in time fails by its own error', async (t) => {
  const work = Promise.reject(new Error('by itself'));
  await t.throwsAsync(deadline(work, longMs, new AbortController().signal, late), { message: 'by itself' });
});

test('work that does not end is given up at the limit', async (t) => {
  await t.throwsAsync(deadline(never, 1, new AbortController().signal, late), { message: 'too late' });
});

test('an abort ends the waiting, by its reason', async (t) => {
  const aborting = new AbortController();
  const waiting = deadline(never, longMs, aborting.signal, late);
  aborting.abort(new Error('enough'));
  await t.throwsAsync(waiting, { message: 'enough' });
});

test('an abort that came before is heeded', async (t) => {
  await t.throwsAsync(deadline(Promise.resolve(7), longMs, AbortSignal.abort(new Error('before')), late), {
    message: 'before',
  });
});

test('work that fails after it was given up disturbs nobody', async (t) => {
  const { promise, reject } = withReject();
  await t.throwsAsync(deadline(promise, 1, new AbortController().signal, late), { message: 'too late' });
  reject(new Error('nobody waits for this any more')); // ava fails on an unhandled rejection
});

test('work that fails after an abort that came before disturbs nobody', async (t) => {
  const { promise, reject } = withReject();
  await t.throwsAsync(deadline(promise, longMs, AbortSignal.abort(new Error('before')), late), { message: 'before' });
  reject(new Error('nobody waits for this any more'));
});

test('nothing stays behind at a signal that lives on', async (t) => {
  const { signal } = new AbortController();
  await deadline(Promise.resolve(7), longMs, signal, late);
  await t.throwsAsync(deadline(never, 1, signal, late));
  t.is(getEventListeners(signal, 'abort').length, 0);
});

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
