import test, { type ExecutionContext } from 'ava';
import { askTree, type TreeAnswer } from '../../../src/provider/host/ask-tree.ts';
import { processGone } from '../../support/process-gone.ts';

/** Runs a program of Node's, with little patience. */
const asked = (program: string, limitMs = 60_000, signal = new AbortController().signal): Promise<TreeAnswer> =>
  askTree(process.execPath, ['-e', program], { env: { WORD: 'hello' }, limitMs, longestAnswer: 1000, signal });

test('what a program prints to both streams comes back, with its status', async (t) => {
  const program = 'console.log(process.env.WORD); console.error("no"); process.exitCode = 3';
  t.deepEqual(await asked(program), { end: 3, stdout: 'hello\n', stderr: 'no\n' });
});

/** Starts another one, which holds its pipes for ever, and says that one's process id. */
const parent = `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' });
console.log(child.pid);`;

async function ended(t: ExecutionContext, pid: number): Promise<void> {
  t.true(pid > 0);
  await processGone(pid);
}

test('a program that takes too long is ended, with what it has started', async (t) => {
  const { end, stdout } = await asked(parent, 5000);
  t.is(end, 'too late');
  await ended(t, Number(stdout));
});

test('a program that prints too much is ended', async (t) => {
  const { end } = await asked('setInterval(() => console.log("a".repeat(600)), 1)');
  t.is(end, 'too long');
});

test('a program that is not there has no status; an abort rejects with its reason', async (t) => {
  const signal = AbortSignal.abort(new Error('stop'));
  await t.throwsAsync(asked('', 1000, signal), { message: 'stop' });
  const missing = await askTree('refigure-no-such-program', [], {
    env: {},
    limitMs: 60_000,
    longestAnswer: 1000,
    signal: new AbortController().signal,
  });
  t.is(missing.end, null);
});
