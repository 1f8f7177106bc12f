import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { recordedStudy } from '../../src/commands/record/recorded-study.ts';
import { TypedCommands, type TypedCommand } from '../../src/commands/record/typed-commands.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Terminal, testAtTerminal } from '../support/terminal.ts';
import { program, refigure } from './cli.ts';

const mark = (kind: number, value: string): string => `\x1b]${kind};t0;${value}\x07`;
const begin = (text: string): string => mark(7771, Buffer.from(`    7  ${text}\n`).toString('base64'));
const end = (status: number): string => mark(7772, String(status));

test('the marks are taken out of what is shown, wherever its pieces end; what only looks like one stays', (t) => {
  const stream = `$ x\r\n${begin('echo ü')}\x1b[1mü\x1b[0m\r\n\x1b]7771;other;eA==\x07${end(3)}$ ${begin('sleep 9')}a`;
  for (const size of [1, 2, 7, 1000]) {
    const typed: TypedCommand[] = [];
    const commands = new TypedCommands('t0', (command) => typed.push(command));
    const bytes = Buffer.from(stream);
    let shown = '';
    for (let at = 0; at < bytes.length; at += size) {
      shown += commands.take(bytes.subarray(at, at + size)).toString('latin1');
    }
    commands.end();
    t.is(Buffer.from(shown, 'latin1').toString(), '$ x\r\n\x1b[1mü\x1b[0m\r\n\x1b]7771;other;eA==\x07$ a', `${size}`);
    t.deepEqual(typed, [
      { text: 'echo ü', output: '\x1b[1mü\x1b[0m\n\x1b]7771;other;eA==\x07', status: 3 },
      { text: 'sleep 9', output: 'a', status: null },
    ]);
  }
});

test('what is typed becomes commands, with captures and readers where what was printed can be read', (t) => {
  const typed: TypedCommand[] = [
    { text: 'ip netns add a', output: '', status: 0 },
    { text: 'ip netns', output: 'a\n', status: 0 },
    { text: 'ip netns', output: 'what is this? no list\n', status: 0 },
    { text: 'false', output: '', status: 1 },
    { text: 'type x', output: 'x is a shell builtin\n', status: 0 },
    { text: 'exit', output: 'exit\n', status: null },
  ];
  const study = parse(recordedStudy('typed', 'Typed', typed) ?? '') as { experiments: { commands: unknown[] }[] };
  t.deepEqual(study.experiments[0]?.commands, [
    'ip netns add a',
    { run: 'ip netns', capture: 'netns', parse: 'namespaces' },
    { run: 'ip netns', capture: 'netns_2' },
    { run: 'false', exits: 1 },
    { run: 'type x', capture: 'type_said' },
  ]);
  t.is(recordedStudy('typed', 'Typed', [{ text: 'exit', output: '', status: null }]), null);
});

testAtTerminal(
  'what is typed at a terminal is a study that is upheld; that of a guest that dies is kept',
  async (t) => {
    const folder = join(await temporaryFolder(t), 'typed');
    const terminal = new Terminal(t, [...program(), 'record', folder, '--guest', 'embedded']);
    await terminal.shows(/~ #/);
    terminal.type('ip netns add a\r');
    terminal.type('ip netns exec a ping -c 1 127.0.0.1; ip -n a link set lo up\r');
    terminal.type('ip netns exec a ping -c 1 127.0.0.1\r');
    await terminal.shows(/1 received/);
    terminal.type('exit\r');
    t.is(await terminal.ended, 0, terminal.text);
    t.regex(terminal.text, /Made of 3 commands/);
    t.notRegex(terminal.text, /777[12]/);
    const run = await refigure(['run', folder, '--guest', 'embedded', '--quiet', '--out', join(folder, 'run')]);
    t.is(run.status, 0, run.stderr);

    const dying = join(await temporaryFolder(t), 'dying');
    const second = new Terminal(t, [...program(), 'record', dying, '--guest', 'embedded']);
    await second.shows(/~ #/);
    second.type('ip netns add kept\r');
    second.type('ip netns list\r');
    await second.shows(/^kept\s*$/m);
    second.type('poweroff -f\r');
    t.not(await second.ended, 0, second.text);
    t.regex(await readFile(join(dying, 'study.yaml'), 'utf8'), /run: ip netns list\n +capture: netns/);
  },
);
