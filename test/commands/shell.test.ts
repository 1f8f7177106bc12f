import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import test from 'ava';
import { endOf } from '../support/child-end.ts';
import { limits } from '../support/limits.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Terminal, testAtTerminal } from '../support/terminal.ts';
import { inherited, program, refigure, type Finished } from './cli.ts';

// A real guest each time, so one test after another: at most two guests run at once on a machine, over all test files.

/** Its second experiment would take the namespace away. */
const study = edit(smallStudy, [
  '- { run: ip netns list, capture: again, parse: namespaces }',
  '- { run: ip netns list, capture: again, parse: namespaces }\n          - { run: ip netns delete a }',
]);

/** Runs the command line with this on its standard input, and no terminal. */
async function typed(args: readonly string[], input: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const [node = '', ...rest] = [...program(), ...args];
  const child = spawn(node, rest, { stdio: 'pipe', env: { ...inherited(), ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString('utf8')));
  child.stdin.end(input);
  const status = await endOf(
    child,
    limits.processMs,
    () => stderr,
    () => child.kill('SIGKILL'),
  );
  return { status, stdout, stderr };
}

test.serial('the shell finds the guest as the step would, in the folder of the study’s files', async (t) => {
  const folder = await writeStudy(t, study);
  const temporary = await temporaryFolder(t);
  const commands = 'ip netns list; ls; test "$PWD" = "$REFIGURE_STUDY" && echo at home; exit 3\n';
  const args = ['shell', folder, '--at', 'second/look', '--guest', 'embedded'];
  const { status, stdout, stderr } = await typed(args, commands, { TMPDIR: temporary });
  t.is(status, 0, stderr);
  t.regex(stdout, /\$ ip netns add a\n[^]*\na( \(id: \d+\))?\nmake\.sh\nat home\n$/);
  t.notRegex(stdout, /ip netns delete a/, 'the step itself did not run');
  t.is(
    stderr,
    `This guest is as the step second/look finds it. The step would run:
  ip netns list
  ip netns delete a
\`exit\` ends the shell, and the guest.
`,
  );
  const left = (await readdir(temporary)).filter((name) => name.startsWith('refigure'));
  t.deepEqual(left, [], 'the run is no evidence, and nothing of it stays');
});

test.serial(
  'before the first step nothing has run, and standard output is the shell’s alone with --quiet',
  async (t) => {
    const folder = await writeStudy(t, study);
    const args = ['shell', folder, '--at', 'make', '--guest', 'embedded', '--quiet', '--clock', 'real'];
    t.deepEqual(await typed(args, 'ip netns list; echo over\n'), { status: 0, stdout: 'over\n', stderr: '' });
  },
);

testAtTerminal('at a terminal it is a shell with a prompt, whose Ctrl-C is the guest’s', async (t) => {
  const folder = await writeStudy(t, study);
  const terminal = new Terminal(t, [
    ...program(),
    'shell',
    folder,
    '--at',
    'second/look',
    '--guest',
    'embedded',
    '--quiet',
  ]);
  await terminal.shows(/^second\/look #$/m);
  // Not one long `sleep`: between its fork and its exec a process takes the signal for the shell, and sleeps on.
  const waits = 'for second in $(seq 1000); do sleep 1; done';
  terminal.type(`sh -c 'trap "echo heard; exit" INT; stty size; ${waits}'\r`);
  await terminal.shows(/^40 100$/m);
  terminal.type('\u0003');
  await terminal.shows(/\^C[^]*heard\nsecond\/look #$/);
  terminal.type('exit\r');
  t.is(await terminal.ended, 0, terminal.text);
});

testAtTerminal('where the guest goes away the shell ends, and says why', async (t) => {
  const folder = await writeStudy(t, study);
  const terminal = new Terminal(t, [...program(), 'shell', folder, '--at', 'make', '--guest', 'embedded', '--quiet']);
  await terminal.shows(/^first\/make #$/m);
  terminal.type('poweroff -f\r');
  t.is(await terminal.ended, 69);
  t.regex(terminal.text, /The guest went away: [^]*\nStart again\.$/);
});

test.serial('what cannot be is status 2, before anything boots', async (t) => {
  const folder = await writeStudy(t, study);
  for (const [args, message] of [
    [['--at', 'second/lok'], /runs no step 'second\/lok' here\.\nIts steps: first\/make, second\/look\./],
    [['--at', 'make', '--guest', 'ssh://host'], /left as it was before the run[^]*into your own machine ssh leads/],
    [[], /required option '--at <step>' not specified/],
  ] as const) {
    const { status, stderr } = await refigure(['shell', folder, ...args]);
    t.is(status, 2, args.join(' '));
    t.regex(stderr, message);
  }
});
