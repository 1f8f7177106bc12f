import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import test from 'ava';
import { endOf } from '../support/child-end.ts';
import { limits } from '../support/limits.ts';
import { testWith } from '../support/tools.ts';
import { inherited, program, refigure } from './cli.ts';

/** The status of a process whose errors nobody hears. */
function statusOf(child: ChildProcess): Promise<number | null> {
  return endOf(child, limits.processMs, () => 'nothing that was heard');
}

const usageError = ['verify', 'no/such/run'];

test('the status is that of the error, though the reader of errors is gone', async (t) => {
  const [node = '', ...args] = [...program(), ...usageError];
  const child = spawn(node, args, { stdio: ['ignore', 'ignore', 'pipe'], env: inherited() });
  child.stderr.destroy();
  t.is(await statusOf(child), 2);
});

testWith('procfs')('the status is that of the error, though the disk that errors go to is full', async (t) => {
  const [node = '', ...args] = [...program(), ...usageError];
  const full = openSync('/dev/full', 'w');
  t.teardown(() => {
    closeSync(full);
  });
  t.is(await statusOf(spawn(node, args, { stdio: ['ignore', 'ignore', full], env: inherited() })), 2);
});

test('what nobody catches is no refuted claim, and a lack of memory is no defect', async (t) => {
  for (const [what, said] of [
    ['defect', /^Error: a surprise\n[^]*defect of Refigure/],
    ['memory', /^There is not enough memory: WebAssembly\.Memory\(\): could not allocate memory\n/],
  ] as const) {
    const { status, stderr } = await refigure(['guests'], { preload: 'surprise.mjs', env: { SURPRISE: what } });
    t.is(status, 69, stderr);
    t.regex(stderr, said);
  }
});
