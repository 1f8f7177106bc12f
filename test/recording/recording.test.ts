import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import xterm from '@xterm/headless';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { layout } from '../../src/evidence/layout.ts';
import { commandsOf, openRun, type Evidence } from '../../src/evidence/open.ts';
import { recordings } from '../../src/recording/recording.ts';
import { resetAfter } from '../../src/recording/reset.ts';
import { showCommand, transcript } from '../../src/report/model/transcript.ts';
import { awkwardJournal, journalOf, nonce } from '../evidence/journals.ts';
import { oldRun } from '../support/evidence.ts';
import { holds } from '../support/property.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { castOf, readCast, runOf, type Cast } from './casts.ts';

/** Where in a journal this text begins; it must be there. */
function placeOf(journal: Buffer, text: string | Buffer): number {
  const place = journal.indexOf(text);
  if (place < 0) throw new Error(`the journal has no ${text.toString()}`);
  return place;
}

/** What the report shows of an experiment's steps, one after another. */
function transcriptOf({ loaded, journals }: Evidence, id: string): string {
  const steps = loaded.study.experiments.find((experiment) => experiment.id === id)?.steps ?? [];
  const more = (bytes: number): string => `[${bytes} bytes more, in the journal]`;
  const { prompt } = loaded.study;
  return steps
    .map((step) =>
      transcript(
        prompt,
        commandsOf(journals.get(id), step.id).map((command) => showCommand(command, { journal: layout.journal(id) })),
        { more, remark: () => '' },
      ),
    )
    .join('');
}

test('a command is typed when it starts, prints as it arrives, and the prompt is back when it ends', async (t) => {
  const journal = journalOf({
    one: [
      { text: 'ping', output: 'first\nsecond\n', startS: 11, endS: 13.25 },
      { text: 'true', output: '', startS: 13.3, endS: 13.4 },
    ],
  });
  const cast = await castOf(t, journal, [
    { offset: 0, ms: 400 },
    { offset: placeOf(journal, 'second'), ms: 1400 },
  ]);
  t.deepEqual(cast.header, {
    version: 2,
    width: 110,
    height: 24,
    timestamp: 1_700_000_000,
    title: '1 first',
    env: { TERM: 'xterm-256color' },
  });
  t.deepEqual(cast.events, [
    [0, '# '],
    [1, 'ping\r\n'],
    [1, 'first\r\n'],
    [2, 'second\r\n'],
    [3.25, '# '],
    [3.3, 'true\r\n'],
    [3.4, ''],
  ]);
});

test('a character whose bytes arrive apart is whole, and what is no UTF-8 is U+FFFD', async (t) => {
  const output = Buffer.concat([Buffer.from('\ufeff图😀'), Buffer.from([0xff, 0x0a, 0xe5, 0x9b])]);
  const journal = journalOf({ one: [{ text: 'cat', output }] });
  const start = placeOf(journal, output);
  // Every byte in a piece of its own.
  const arrivals = Array.from({ length: output.length }, (_, index) => ({
    offset: start + index,
    ms: 1000 + index * 10,
  }));
  const { events, sent } = await castOf(t, journal, [{ offset: 0, ms: 1000 }, ...arrivals.slice(1)]);
  t.is(sent, '# cat\r\n<U+FEFF>图😀\ufffd\r\n\ufffd\r\n');
  t.deepEqual(
    events.filter(([, text]) => /[图😀]/u.test(text)),
    [
      [1.05, '图'],
      [1.09, '😀'],
    ],
  );
});

test('how the network was observed is left out, and its time stays', async (t) => {
  const { sent, events } = await castOf(
    t,
    journalOf({
      one: [{ text: 'ip link', output: 'lo\n', startS: 11, endS: 11.5 }],
      'one topology': [{ id: 'routes', text: 'ip route', output: 'default\n', startS: 12, endS: 15 }],
      two: [{ text: 'true', output: '', startS: 16, endS: 17 }],
    }),
  );
  t.is(sent, '# ip link\r\nlo\r\n# true\r\n');
  t.deepEqual(
    events.map(([atS]) => atS),
    [0, 1, 1.5, 1.5, 6, 7],
  );
});

test('an experiment that did not come to a command has no recording', async (t) => {
  for (const journal of ['', `refigure-journal 1 ${nonce}\n`, 'no journal']) {
    t.is(recordings(await runOf(t, Buffer.from(journal))).size, 0);
  }
  const facts = journalOf({ 'facts facts': [{ id: 'kernel', text: 'uname', output: 'Linux\n' }] });
  t.is(recordings(await runOf(t, facts)).size, 0);
});

test('of a run that was interrupted there is what had arrived, and no prompt behind it', async (t) => {
  const whole = journalOf({
    one: [
      { text: 'true', output: '' },
      { text: 'ping', output: 'first\nsecond' },
    ],
  });
  const cut = whole.subarray(0, placeOf(whole, 'second') + 3);
  const arrivals = [
    { offset: 0, ms: 1000 },
    { offset: placeOf(whole, 'second'), ms: 4000 },
  ];
  const { events, sent } = await castOf(t, cut, arrivals);
  t.is(sent, '# true\r\n# ping\r\nfirst\r\nsec\r\n');
  t.deepEqual(events.slice(-2), [
    [5, 'sec'],
    [5, '\r\n'],
  ]);
  for (let length = 0; length < awkwardJournal.length; length += 7) {
    for (const text of recordings(await runOf(t, awkwardJournal.subarray(0, length), arrivals)).values()) {
      t.notThrows(() => readCast(text));
    }
  }
});

test('every awkward output and every multi-line command stands as in the report', async (t) => {
  const evidence = await runOf(t, awkwardJournal);
  const [text = ''] = recordings(evidence).values();
  t.is(readCast(text).sent.replaceAll('\r\n', '\n'), transcriptOf(evidence, 'first'));
});

test('a command is echoed as a shell echoes it: control characters and directions are seen, not obeyed', async (t) => {
  const { sent } = await castOf(
    t,
    journalOf({ one: [{ text: 'echo \x1b[8m\u202e\x7f\x9b\ntwo', output: '\u202e\n' }] }),
  );
  t.is(sent, '# echo ^[[8m<U+202E>\ufffd\ufffd\r\n> two\r\n<U+202E>\r\n');
});

test('50 MB from one command are cut as in the report, on both streams', async (t) => {
  const line = '0123456789\n';
  const output = Buffer.alloc(50_000_000, line);
  const journal = journalOf({
    one: [
      { text: 'yes', output, errorOutput: Buffer.alloc(100_000, line) },
      { text: 'true', output: '' },
    ],
  });
  const evidence = await runOf(t, journal, [{ offset: 0, ms: 10 }]);
  const [text = ''] = recordings(evidence).values();
  t.true(text.length < 200_000);
  t.is(readCast(text).sent.replaceAll('\r\n', '\n'), transcriptOf(evidence, 'first'));
  t.regex(text, /\[49934464 bytes more, in the journal\][^]*\[34464 bytes more, in the journal\][^]*true/);
});

/** Each leaves the terminal in a state in which what follows would not be seen, or not as it is. */
const hiding: Readonly<Record<string, string>> = {
  'text that is hidden': '\x1b[8m',
  'the second screen': '\x1b[?1049h\x1b[2J',
  'the second screen by another name': '\x1b[?47h',
  'a title without an end': '\x1b]0;title',
  'a device control string without an end': '\x1bP0;0|',
  'a private message without an end': '\x1b_secret',
  'half a sequence': '\x1b[3',
  'C1 controls': '\u009b8m\u009d0;title',
  'line drawing': '\x1b(0',
  'the other character set': '\x1b)0\x0e',
  'a part of the screen that scrolls alone': '\x1b[2;3r\x1b[3;1H',
  'no wrapping': '\x1b[?7l',
  inserting: '\x1b[4h',
  'the cursor at the top of a full screen': `${'x\n'.repeat(30)}\x1b[H`,
  'a restored cursor': `\x1b7\n${'x\n'.repeat(10)}\x1b8`,
  'an origin within margins': '\x1b[5;6r\x1b[?6h',
  'black on black': '\x1b[30;40m',
  'black on black, and the cursor elsewhere': '\x1b[30;40m\x1b[H',
  'keys and the mouse': '\x1b[?1h\x1b=\x1b[?2004h\x1b[?1003h\x1b[?1004h',
};

for (const [what, output] of Object.entries(hiding)) {
  test(`${what}: the next command and its output are seen all the same`, async (t) => {
    const cast = await castOf(
      t,
      journalOf({
        one: [
          { text: 'hide', output: `before\n${output}` },
          { text: 'echo next', output: 'next\n' },
          { text: 'echo last', output: `${'wide '.repeat(30)}\n` },
        ],
      }),
    );
    const terminal = await play(t, cast);
    const buffer = terminal.buffer.active;
    t.is(buffer.type, 'normal');
    t.deepEqual(terminal.modes, (await play(t, { ...cast, sent: '' })).modes);
    const rows = Array.from({ length: buffer.length }, (_, index) => buffer.getLine(index)?.translateToString(true));
    t.true(rows.includes('# hide') && rows.includes('before'));
    const crosses = (lines: readonly (string | undefined)[]): number => lines.filter((line) => line === 'x').length;
    t.is(crosses(rows), crosses(output.split('\n')));
    const at = rows.lastIndexOf('# echo next');
    t.deepEqual(rows.slice(at, at + 5), ['# echo next', 'next', '# echo last', 'wide '.repeat(22), 'wide '.repeat(8)]);
    const cell = buffer.getLine(at)?.getCell(2);
    t.is(cell?.getChars(), 'e');
    t.is(cell?.isInvisible(), 0);
    t.true(cell?.isFgDefault() === true && cell.isBgDefault());
  });
}

test('what a terminal without a window cannot be asked is set back, too', (t) => {
  const reset = resetAfter('\x1b]11;#000000\x07');
  t.true(reset.startsWith('\x1b\\\x1b%G'));
  for (const sequence of [
    '\x1b]104\x1b\\',
    '\x1b]110\x1b\\',
    '\x1b]111\x1b\\',
    '\x1b[?25h',
    '\x1b[?5l',
    '\x1b>',
    '\x0f\x1b(B',
  ]) {
    t.true(reset.includes(sequence));
  }
});

test('colours and the erasing of a line need nothing but an end of the colours', async (t) => {
  const { sent } = await castOf(
    t,
    journalOf({
      one: [
        { text: 'grep', output: '\x1b[01;31m\x1b[Kfound\x1b[m\x1b[K\n' },
        { text: 'plain', output: 'a\tb\r\n' },
      ],
    }),
  );
  t.is(sent, '# grep\r\n\x1b[01;31m\x1b[Kfound\x1b[m\x1b[K\r\n\x1b[0m# plain\r\na\tb\r\r\n');
});

/** What a terminal shows when all is played, at the size that the recording names. */
async function play(t: ExecutionContext, { header, sent }: Cast): Promise<xterm.Terminal> {
  const { width, height } = header;
  const terminal = new xterm.Terminal({ cols: width, rows: height, scrollback: 1000, allowProposedApi: true });
  t.teardown(() => {
    terminal.dispose();
  });
  await new Promise<void>((resolve) => {
    terminal.write(sent, resolve);
  });
  return terminal;
}

test('any bytes, forged marks and times give a file that a strict reader takes, the same each time', async (t) => {
  const forged = `\n#${nonce} 900 end 1 ${'9'.repeat(400)}.0 0 exited\n\n#${nonce} 901 run 7 0.00\n`;
  const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 300, size: 'max' }).map((bytes) => Buffer.from(bytes));
  const printed = fc.constantFrom(forged, '"\\\u2028\n');
  const gapsMs = fc.nat(40);
  const anyRun = fc.asyncProperty(anyBytes, anyBytes, printed, gapsMs, async (bytes, text, output, gapMs) => {
    const journal = journalOf({
      one: [
        { text: 'bytes', output: bytes },
        { text: text.toString('latin1'), output },
        { text: 'later', output: 'later\n' },
      ],
    });
    const arrivals = Array.from({ length: 200 }, (_, index) => ({ offset: index * 7, ms: index * gapMs }));
    const evidence = await runOf(t, journal, arrivals);
    const [cast = ''] = recordings(evidence).values();
    readCast(cast);
    assert.deepEqual([...recordings(evidence).values()], [cast]);
  });
  await holds(t, anyRun, 40);
});

testWith(
  'asciinema',
  'script',
  'procfs',
)('asciinema prints of a recording what the report shows', async (t) => {
  const folder = await temporaryFolder(t);
  const real = await openRun(oldRun);
  const awkward = await runOf(t, awkwardJournal);
  for (const [evidence, experiment] of [
    [real, 'no-veth'],
    [real, 'veth'],
    [awkward, 'first'],
  ] as const) {
    const file = join(folder, `${experiment}.cast`);
    await writeFile(file, recordings(evidence).get(`recordings/${experiment}.cast`) ?? '');
    for (const verb of ['cat', 'play -s 1000']) {
      t.is((await asciinema(verb, file)).replaceAll('\r\n', '\n'), transcriptOf(evidence, experiment), verb);
    }
  }
});

/** It wants a terminal of its own, which script(1) makes. */
async function asciinema(verb: string, file: string): Promise<string> {
  const { stdout } = await promisify(execFile)('script', ['-qec', `asciinema ${verb} "$FILE"`, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: join(file, '..'), FILE: file, SHELL: '/bin/sh', LC_ALL: 'C.UTF-8' },
  });
  return stdout;
}
