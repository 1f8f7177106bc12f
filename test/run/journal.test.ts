import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ending, nonce, runCommandLine, runCommands, runScript, runSteps, testShells } from './shells.ts';

testShells('records what a command was, printed and returned', async (t, shell) => {
  const commands = await runCommands(t, shell, ['echo one', 'false', 'sh -c "exit 42"']);
  t.deepEqual(
    commands.map(({ text }) => text),
    ['echo one', 'false', 'sh -c "exit 42"'],
  );
  t.deepEqual(commands.map(ending), [
    ['one\n', 0, 'exited'],
    ['', 1, 'exited'],
    ['', 42, 'exited'],
  ]);
  t.deepEqual(
    commands.map(({ number, step }) => [number, step]),
    [
      [1, 'step1'],
      [2, 'step1'],
      [3, 'step1'],
    ],
  );
});

testShells('times commands by the uptime of the guest, and says when that was', async (t, shell) => {
  const before = Math.floor(Date.now() / 1000);
  const { journal } = await runSteps(t, shell, [{ commands: ['true', 'sleep 0.2'] }]);
  const [first, second] = journal.commands;
  const { epochS = 0, uptimeS = 0 } = journal.clock ?? {};
  t.true(epochS >= before - 1 && epochS <= Date.now() / 1000 + 1);
  t.true((first?.startS ?? 0) >= uptimeS);
  t.true((second?.startS ?? 0) >= (first?.end?.uptimeS ?? Infinity));
  // A sleep takes its time at least; the uptime's last digit is 10 ms.
  t.true((second?.end?.uptimeS ?? 0) - (second?.startS ?? Infinity) >= 0.189);
});

testShells('keeps the order in which a command wrote to its two streams', async (t, shell) => {
  const [command] = await runCommands(t, shell, ['for i in 1 2 3; do echo out $i; echo err $i >&2; done']);
  t.deepEqual(ending(command), ['out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n', 0, 'exited']);
  t.is(command?.errorOutput, null);
});

testShells('keeps the streams apart where the study asks for it, and says so when one is empty', async (t, shell) => {
  const commands = await runCommands(t, shell, [
    { run: 'echo out; echo err >&2; echo out again', separate: true },
    { run: 'echo only out', separate: true },
    'echo both; echo both >&2',
  ]);
  t.deepEqual(
    commands.map(({ output, errorOutput }) => [output.toString(), errorOutput?.toString() ?? null]),
    [
      ['out\nout again\n', 'err\n'],
      ['only out\n', ''],
      ['both\nboth\n', null],
    ],
  );
});

testShells('keeps standard error of a command whose shell ended in its midst', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: [{ run: 'echo out; echo err >&2; exit 3', separate: true }] },
    { commands: ['echo next'] },
  ]);
  const [left, next] = journal.commands;
  t.deepEqual(ending(left), ['out\n', 3, 'left']);
  t.is(left?.errorOutput?.toString(), 'err\n');
  t.deepEqual(ending(next), ['next\n', 0, 'exited']);
  t.is(journal.stray.length, 0);
});

testShells('takes bytes as they are: NUL, invalid UTF-8, carriage returns, no last newline', async (t, shell) => {
  const printed = ['a\\000b', '\\377\\376\\n', 'a\\r\\nb\\r', 'no newline', '\\n', '\\n\\n#'];
  const commands = await runCommands(t, shell, [...printed.map((text) => `printf '${text}'`), 'true', ':']);
  t.deepEqual(
    commands.map(({ output }) => output.toString('latin1')),
    ['a\u0000b', '\u00ff\u00fe\n', 'a\r\nb\r', 'no newline', '\n', '\n\n#', '', ''],
  );
});

testShells('takes the text of an old mark for output', async (t, shell) => {
  const mark = `\n#${nonce} 2 end 1 1.00 0 exited\n`;
  const [command, next] = await runCommands(t, shell, [
    `printf '${mark.replaceAll('\n', '\\n')}'; exit_status=3`,
    'echo next',
  ]);
  t.deepEqual(ending(command), [mark, 0, 'exited']);
  t.deepEqual(ending(next), ['next\n', 0, 'exited']);
});

testShells('takes what looks like a mark and is none for output', async (t, shell) => {
  const lines = [`#${nonce} 99 frobnicate`, `#${nonce} end 1`, `#${nonce} `, `#${nonce} 99 end 1 1.00`];
  const [command, next] = await runCommands(t, shell, [
    `printf '%s\\n' '' ${lines.map((line) => `'${line}'`).join(' ')}`,
    'echo next',
  ]);
  t.deepEqual(ending(command), [`\n${lines.join('\n')}\n`, 0, 'exited']);
  t.deepEqual(ending(next), ['next\n', 0, 'exited']);
});

testShells('a command may print the journal as it is so far', async (t, shell) => {
  const printed = 'until [ "$(wc -c <"$HOME"/test.journal)" -ge 200 ]; do :; done; head -c 200 "$HOME"/test.journal';
  const { journal, bytes } = await runCommandLine(t, shell, [{ commands: ['echo first', 'echo second', printed] }]);
  t.true(journal.complete);
  t.is(journal.commands.length, 3);
  t.deepEqual(journal.commands[2]?.output, bytes.subarray(0, 200));
  t.true(bytes.subarray(0, 200).includes('#'.concat(nonce)));
});

testShells('runs the complete commands of a script one by one', async (t, shell) => {
  const script = [
    '# A comment about nothing.',
    '',
    'echo simple',
    '   \t',
    'for i in 1 2; do',
    '  # within a loop',
    '  echo loop $i',
    '',
    'done',
    '  # indented comment',
    'cat <<END',
    'here $((1 + 1))',
    '}',
    'END',
    'cat <<-"END"',
    '\tquoted $HOME',
    '\tEND',
    'echo continued \\',
    '  line',
    "echo 'two",
    "lines'",
    'if true; then echo yes; else echo no; fi # it is',
    'greet() {',
    '  echo hello "$1"',
    '}',
    'greet you',
    'echo a |',
    '  cat &&',
    '  echo b',
    'case x in',
    '  x) echo matched ;;',
    'esac',
    'echo $(',
    '  echo substituted',
    ')',
    'echo last',
  ].join('\n');
  const commands = await runScript(t, shell, script);
  t.deepEqual(
    commands.map(({ text, output }) => [text, output.toString()]),
    [
      ['echo simple', 'simple\n'],
      ['for i in 1 2; do\n  # within a loop\n  echo loop $i\n\ndone', 'loop 1\nloop 2\n'],
      ['cat <<END\nhere $((1 + 1))\n}\nEND', 'here 2\n}\n'],
      ['cat <<-"END"\n\tquoted $HOME\n\tEND', 'quoted $HOME\n'],
      ['echo continued \\\n  line', 'continued line\n'],
      ["echo 'two\nlines'", 'two\nlines\n'],
      ['if true; then echo yes; else echo no; fi # it is', 'yes\n'],
      ['greet() {\n  echo hello "$1"\n}', ''],
      ['greet you', 'hello you\n'],
      ['echo a |\n  cat &&\n  echo b', 'a\nb\n'],
      ['case x in\n  x) echo matched ;;\nesac', 'matched\n'],
      ['echo $(\n  echo substituted\n)', 'substituted\n'],
      ['echo last', 'last\n'],
    ],
  );
});

testShells('an empty script runs nothing, and one of comments neither', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [{ script: '' }, { script: '# nothing\n\n' }]);
  t.true(journal.complete);
  t.deepEqual(journal.commands, []);
});

testShells('shows a syntax error at the end of a script as what its shell printed', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { script: 'echo before\nif true; then\n  echo never closed\n' },
    { commands: ['echo next'] },
  ]);
  const [broken, next] = journal.commands;
  t.deepEqual([broken?.id, broken?.text], ['whole', 'sh 0.sh']);
  t.regex(broken?.output.toString() ?? '', /^before\n0\.sh: .*(?:syntax error|unexpected|unterminated)/i);
  t.deepEqual([broken?.end?.status, broken?.end?.how], [2, 'exited']);
  t.deepEqual(ending(next), ['next\n', 0, 'exited']);
  t.is(journal.stray.length, 0);
});

testShells('variables, functions and the folder last for the step, and not for the next', async (t, shell) => {
  const look = 'echo "$name $(pwd)"; greet || echo no greet';
  const { journal, folder } = await runSteps(t, shell, [
    { commands: ['name=value', 'greet() { echo greeting; }', 'cd /', look] },
    { commands: ['greet 2>/dev/null || echo "$name $(pwd)"'] },
  ]);
  t.is(journal.commands[3]?.output.toString(), 'value /\ngreeting\n');
  t.is(journal.commands[4]?.output.toString(), ` ${join(folder, 'study')}\n`);
});

testShells('a command that ends its shell ends the step, and the next step runs', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: ['echo one', 'echo two; exit 7', 'echo never'] },
    { commands: ['exec echo three', 'echo never'] },
    { script: 'echo four\nexit 0\necho never\n' },
    { commands: ['kill -9 $(sh -c "echo \\$PPID")', 'echo never'] },
    { commands: ['echo last'] },
  ]);
  t.true(journal.complete);
  t.deepEqual(
    journal.commands.map((command) => [command.step, ...ending(command).slice(0, 3)]),
    [
      ['step1', 'one\n', 0, 'exited'],
      ['step1', 'two\n', 7, 'left'],
      ['step2', 'three\n', 0, 'left'],
      ['step3', 'four\n', 0, 'exited'],
      ['step3', '', 0, 'left'],
      ['step4', '', 137, 'left'],
      ['step5', 'last\n', 0, 'exited'],
    ],
  );
});

testShells('set -e ends the step at the command that fails, as it would end a script', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: ['set -e', 'true', 'if false; then :; fi', 'echo before; false; echo after', 'echo never'] },
    { script: 'set -e\necho one && true\nfalse\necho never' },
    { commands: ['false', 'echo last'] },
  ]);
  t.deepEqual(
    journal.commands.map(({ text, end }) => [text, end?.status, end?.how]),
    [
      ['set -e', 0, 'exited'],
      ['true', 0, 'exited'],
      ['if false; then :; fi', 0, 'exited'],
      ['echo before; false; echo after', 1, 'left'],
      ['set -e', 0, 'exited'],
      ['echo one && true', 0, 'exited'],
      ['false', 1, 'left'],
      ['false', 1, 'exited'],
      ['echo last', 0, 'exited'],
    ],
  );
});

testShells('options and variables that a command changes do not reach the journal', async (t, shell) => {
  const changes = ['IFS=0123456789.', 'set -f', 'set -u', 'LC_ALL=', 'PS4=trace', 'name=value'];
  const commands = await runCommands(t, shell, [...changes, 'echo "$name"', { run: 'echo x >&2', separate: true }]);
  t.deepEqual(
    commands.map(({ text }) => text),
    [...changes, 'echo "$name"', 'echo x >&2'],
  );
  t.true(commands.every(({ end }) => end?.how === 'exited' && end.status === 0));
  t.is(commands.at(-1)?.errorOutput?.toString(), 'x\n');
});

testShells('set -x traces the commands of the step, and nothing of the journal', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: ['set -x', 'echo one', { run: 'echo two', separate: true }, 'set +x', 'echo three'] },
    { script: 'set -x\necho "four"\n(exit 5)\nfalse' },
  ]);
  t.true(journal.complete);
  t.deepEqual(
    journal.commands.map(({ text, output, end }) => [text, output.toString().replaceAll(/^\++ /gm, '+ '), end?.status]),
    [
      ['set -x', '', 0],
      ['echo one', '+ echo one\none\n', 0],
      ['echo two', 'two\n', 0],
      ['set +x', '+ set +x\n', 0],
      ['echo three', 'three\n', 0],
      ['set -x', '', 0],
      ['echo "four"', '+ echo four\nfour\n', 0],
      ['(exit 5)', '+ exit 5\n', 5],
      ['false', '+ false\n', 1],
    ],
  );
  t.is(journal.commands[2]?.errorOutput?.toString().replace(/^\++ /, '+ '), '+ echo two\n');
});

testShells('a command over its limit is ended, and the rest goes on', async (t, shell) => {
  const stubborn = `sh -c 'trap "" TERM; echo deaf; while :; do sleep 30; done'`;
  const { journal } = await runSteps(t, shell, [
    {
      commands: [
        { run: 'echo slow; sleep 30; :', limitSeconds: 1 },
        { run: 'sleep 30 | cat', limitSeconds: 1 },
        { run: stubborn, limitSeconds: 1 },
        'echo still here',
      ],
    },
    { commands: ['echo last'] },
  ]);
  t.true(journal.complete);
  t.deepEqual(
    journal.commands.map(({ end }) => end?.how),
    ['limit', 'limit', 'limit', 'exited', 'exited'],
  );
  t.regex(journal.commands[0]?.output.toString() ?? '', /^slow\n/);
  t.regex(journal.commands[2]?.output.toString() ?? '', /^deaf\n/);
  t.is(journal.commands[3]?.output.toString(), 'still here\n');
  t.is(journal.commands[4]?.output.toString(), 'last\n');
});

testShells('a loop of the shell over its limit ends with its step, and the next step runs', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: [{ run: 'echo busy; while :; do :; done', limitSeconds: 1 }, 'echo never'] },
    { commands: ['echo last'] },
  ]);
  t.true(journal.complete);
  t.deepEqual(journal.commands.map(ending), [
    ['busy\n', 143, 'limit'],
    ['last\n', 0, 'exited'],
  ]);
});

testShells('a loop over its limit leaves none of its processes behind', async (t, shell) => {
  const run = 'mkdir loop; cd loop; echo err >&2; while :; do sleep 30; done';
  const look = 'for i in /proc/[0-9]*; do if [ "$(readlink "$i/cwd")" = "$PWD/loop" ]; then cat "$i/stat"; fi; done';
  const { journal } = await runSteps(t, shell, [
    { commands: [{ run, limitSeconds: 1, separate: true }] },
    { commands: [look] },
  ]);
  const [loop, left] = journal.commands;
  t.deepEqual([loop?.end?.status, loop?.end?.how], [143, 'limit']);
  t.regex(loop?.errorOutput?.toString() ?? '', /^err\n/);
  t.is(left?.output.toString(), '');
});

testShells('the limit of a command is its own, even where the text is a pattern', async (t, shell) => {
  const commands = await runCommands(t, shell, [
    { run: "echo '*'; sleep 0.1", limitSeconds: 1 },
    { run: 'echo ? [a] $HOME', separate: true },
    { run: "echo 'it'\\''s'", separate: true },
    'echo plain',
  ]);
  t.deepEqual(
    commands.map(({ errorOutput }) => errorOutput === null),
    [true, false, false, true],
  );
});

testShells('bytes of a process that was left behind belong to no command', async (t, shell) => {
  // $$ is the shell of the whole plan; the loop bounds the life of the process to 20 s even if that never ended.
  const behind =
    '(i=0; while [ $i -lt 400 ] && kill -0 $$ 2>/dev/null; do sleep 0.05; i=$((i + 1)); done; echo late) &';
  const { journal, bytes } = await runSteps(t, shell, [{ commands: [behind, 'echo mine'] }]);
  t.true(journal.complete);
  t.deepEqual(ending(journal.commands[0]), ['', 0, 'exited']);
  t.deepEqual(ending(journal.commands[1]), ['mine\n', 0, 'exited']);
  t.is(bytes.toString().split('late\n').length, 2);
  // It may come while Refigure asks what is left.
  t.true(['late\n', ''].includes(journal.stray.toString()));
});

testShells('a process left behind that prints all the time, and no newline, hides no mark', async (t, shell) => {
  const behind = '(i=0; while [ $i -lt 3000 ]; do printf .; i=$((i + 1)); done) &';
  const { journal, bytes } = await runSteps(t, shell, [
    { commands: [behind, ...Array.from({ length: 30 }, (_, index) => `echo "<${index}>"`)] },
  ]);
  t.true(journal.complete);
  t.is(journal.commands.length, 31);
  for (const [index, { text, output, end }] of journal.commands.slice(1).entries()) {
    t.is(text.replaceAll(/[.\n]/g, ''), `echo "<${index}>"`);
    t.is(output.toString().replaceAll(/[.\n]/g, ''), `<${index}>`);
    t.deepEqual([end?.status, end?.how], [0, 'exited']);
  }
  t.true(bytes.toString().split('.').length > 3000);
});

testShells('20 MB of output come through intact', async (t, shell) => {
  const line = `${'0123456789abcdef'.repeat(63)}0123456789abcde\n`;
  const [command] = await runCommands(t, shell, [`yes ${line.trimEnd()} | head -c 20000000`]);
  const expected = createHash('sha256').update(line.repeat(20_000).slice(0, 20_000_000)).digest('hex');
  t.is(command?.output.length, 20_000_000);
  t.is(
    createHash('sha256')
      .update(command?.output ?? '')
      .digest('hex'),
    expected,
  );
});

// By the whole command line: standard output must be a pipe, as in a guest; what Node gives its children is a socket.
testShells(
  'a command that opens /dev/stdout or /dev/stderr adds to its output and cuts nothing off',
  async (t, shell) => {
    const { journal } = await runCommandLine(t, shell, [
      { commands: ['echo one', 'echo two; echo three >/dev/stdout; echo four >/dev/stderr'] },
    ]);
    t.deepEqual(journal.commands.map(ending), [
      ['one\n', 0, 'exited'],
      ['two\nthree\nfour\n', 0, 'exited'],
    ]);
  },
);

testShells('a return ends its command, and the step goes on', async (t, shell) => {
  const commands = await runCommands(t, shell, ['echo one; return 3; echo never', 'echo two']);
  t.deepEqual(commands.map(ending), [
    ['one\n', 3, 'exited'],
    ['two\n', 0, 'exited'],
  ]);
});

testShells('a command has no standard input, and does not read the script away', async (t, shell) => {
  const commands = await runScript(t, shell, 'cat\nread line || echo nothing\ncat <&4 || echo closed\necho last\n');
  t.is(commands.length, 4);
  t.is(commands[0]?.output.toString(), '');
  t.is(commands[1]?.output.toString(), 'nothing\n');
  t.regex(commands[2]?.output.toString() ?? '', /closed\n$/);
  t.is(commands[3]?.output.toString(), 'last\n');
});

testShells('a script that is not there is said in the journal, and the next step runs', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: ['echo first', 'rm 1.sh'] },
    { script: 'set -v\necho never' },
    { commands: ['echo last'] },
  ]);
  t.true(journal.complete);
  t.deepEqual(
    journal.commands.map(({ step, id }) => [step, id]),
    [
      ['step1', 'c1'],
      ['step1', 'c2'],
      ['step2', 'whole'],
      ['step3', 'c1'],
    ],
  );
  t.regex(journal.commands[2]?.output.toString() ?? '', /1\.sh/);
  t.not(journal.commands[2]?.end?.status, 0);
});

testShells('a step that ends itself or its whole session ends at once, and the run goes on', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { script: "trap 'kill 0' EXIT\nsleep 100 &\necho one\n" },
    { script: 'echo two\nkill $$\necho never\n' },
    { commands: ['echo three; kill -9 $$', 'echo never'] },
    { script: 'set -v\nkill $$\n' },
    { commands: ['echo last'] },
  ]);
  t.true(journal.complete);
  t.deepEqual(
    journal.commands.map((command) => [command.step, command.id, ...ending(command)]),
    [
      ['step1', 'l1', '', 0, 'exited'],
      ['step1', 'l2', '', 0, 'exited'],
      ['step1', 'l3', 'one\n', 0, 'exited'],
      ['step2', 'l1', 'two\n', 0, 'exited'],
      ['step2', 'l2', '', 143, 'left'],
      ['step3', 'c1', 'three\n', 137, 'left'],
      ['step4', 'whole', 'kill $$\n', 143, 'exited'],
      ['step5', 'c1', 'last\n', 0, 'exited'],
    ],
  );
});

testShells('a limit interrupts first, so that a command can still print what it counted', async (t, shell) => {
  const counting = `sh -c 'trap "echo 7 received; exit 5" INT; echo waiting; while :; do sleep 0.1; done'`;
  const commands = await runCommands(t, shell, [{ run: counting, limitSeconds: 1 }, 'echo still here']);
  t.deepEqual(commands.map(ending), [
    ['waiting\n7 received\n', 5, 'limit'],
    ['still here\n', 0, 'exited'],
  ]);
});

testShells('printing every file of the run makes no mark', async (t, shell) => {
  const { journal } = await runCommandLine(t, shell, [
    { commands: ['echo first', 'cd "$HOME"; cat *.sh *.journal *.state steps/*/*/* 2>/dev/null; :', 'echo last'] },
    { script: 'echo next\n' },
  ]);
  t.true(journal.complete);
  t.deepEqual(
    journal.commands.map(({ id, end }) => [id, end?.how]),
    [
      ['c1', 'exited'],
      ['c2', 'exited'],
      ['c3', 'exited'],
      ['l1', 'exited'],
    ],
  );
  t.true(journal.commands[1]?.output.includes('refigure-journal 3'));
});

testShells('messages name the file and the line of the study', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { script: '# a comment\n\nnosuchcommand\n' },
    { commands: ['true', 'nosuchcommand'] },
  ]);
  const [inScript, , listed] = journal.commands;
  t.regex(inScript?.output.toString() ?? '', /^0\.sh: (?:line )?3: .*not found\n$/);
  t.regex(listed?.output.toString() ?? '', /^study\.yaml: (?:line )?2: .*not found\n$/);
  t.deepEqual([inScript?.end?.status, listed?.end?.status], [127, 127]);
});
