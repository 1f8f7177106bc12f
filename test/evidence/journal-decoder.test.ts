import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { JournalDecoder, type JournalEvent } from '../../src/evidence/journal-decoder.ts';
import { readJournal } from '../../src/evidence/journal.ts';
import { holds } from '../support/property.ts';
import { awkwardJournal, journalOf, nonce } from './journals.ts';

/** The events of a journal that arrives in pieces; neighbouring pieces of the same output are joined. */
function eventsOf(pieces: Iterable<Buffer>): JournalEvent[] {
  const events: JournalEvent[] = [];
  const decoder = new JournalDecoder((event) => {
    const last = events.at(-1);
    if (event.kind === 'stray' && last?.kind === 'stray') {
      events[events.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, event.bytes]) };
    } else if (event.kind === 'output' && last?.kind === 'output' && event.stream === last.stream) {
      events[events.length - 1] = { ...last, bytes: Buffer.concat([last.bytes, event.bytes]) };
    } else events.push(event);
  });
  for (const piece of pieces) decoder.push(piece);
  decoder.end();
  return events;
}

function* piecesOf(bytes: Buffer, size: () => number): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = start + size();
    yield bytes.subarray(start, end);
    start = end;
  }
}

test('a journal reads as the commands that it holds', (t) => {
  const { commands, complete, clock, stray } = readJournal(awkwardJournal);
  t.true(complete);
  t.deepEqual(clock, { epochS: 1_700_000_000, uptimeS: 10 });
  t.is(stray.toString(), 'late\n\n');
  t.deepEqual(
    commands.map(({ step, text, errorOutput, end }) => [step, text, errorOutput?.toString() ?? null, end?.status]),
    [
      ['one', 'echo one', null, 0],
      ['one', 'true', null, 0],
      ['one', "echo 'two\nlines'\n# é", null, 1],
      ['one', 'cat journal', null, 0],
      ['one', 'halves', null, 0],
      ['two', 'bytes', null, 0],
      ['two', 'apart', 'err', 255],
      ['two', 'apart and empty', '', 0],
      ['two', 'long', null, 0],
    ],
  );
  t.is(
    commands[3]?.output.toString(),
    `refigure-journal 2 ${nonce}\n\n#${nonce} 1 clock 1 1.00\n\n#${nonce} 3 end 1 1.00 0 exited\n`,
  );
  t.is(commands[4]?.output.toString(), `\n#${nonce}\n#${nonce} \n#${nonce.slice(0, 9)}\n\n##${nonce} 7\n#`);
  t.deepEqual(commands[5]?.output, Buffer.from([0, 255, 254, 10, 0, 13, 10, 10]));
  t.is(commands[7]?.output.toString(), '\n\n');
  t.is(commands[8]?.output.length, nonce.length + 609);
  t.deepEqual(commands[1]?.end, { uptimeS: 12.5, status: 0, how: 'exited' });
});

test('each command says where in the journal its output begins', (t) => {
  const { commands } = readJournal(awkwardJournal);
  for (const { outputAt, output } of commands) {
    t.deepEqual(awkwardJournal.subarray(outputAt, outputAt + output.length), output);
    t.regex(awkwardJournal.subarray(0, outputAt).toString('latin1'), / run \d+ \d+\.00\n$/);
  }
});

/** Of the pieces in which a journal arrives: these, over and over. */
function inTurn(sizes: readonly number[]): () => number {
  let next = 0;
  return () => sizes[next++ % sizes.length] ?? 1;
}

const pieceSizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });

test('the events do not depend on the pieces in which a journal arrives', async (t) => {
  const whole = eventsOf([awkwardJournal]);
  for (let size = 1; size <= awkwardJournal.length; size++) {
    t.deepEqual(eventsOf(piecesOf(awkwardJournal, () => size)), whole, `pieces of ${size} bytes`);
  }
  const anySizes = fc.property(pieceSizes, (sizes) => {
    assert.deepEqual(eventsOf(piecesOf(awkwardJournal, inTurn(sizes))), whole);
  });
  await holds(t, anySizes, 200);
});

test('a journal that was cut off anywhere keeps the commands that had ended, and the last is without an end', (t) => {
  const whole = readJournal(awkwardJournal).commands;
  for (let length = 0; length < awkwardJournal.length; length++) {
    const { commands, complete } = readJournal(awkwardJournal.subarray(0, length));
    t.false(complete);
    const ended = commands.filter(({ end }) => end !== null);
    t.deepEqual(ended, whole.slice(0, ended.length));
    t.true(commands.length - ended.length <= 1);
    const cut = commands[ended.length];
    const original = whole[ended.length];
    if (cut === undefined || original === undefined) continue;
    t.is(cut.text, original.text);
    // What is left of the mark that was cut is output.
    const common = Math.min(cut.output.length, original.output.length);
    t.deepEqual(cut.output.subarray(0, common), original.output.subarray(0, common));
  }
});

/** What may happen to a journal: a stretch of it is lost, comes twice or elsewhere, a byte is another, something is put in. */
const damages = fc.array(
  fc.record({
    way: fc.constantFrom('byte', 'loss', 'twice', 'elsewhere', 'intruder'),
    at: fc.nat(awkwardJournal.length),
    length: fc.nat(80),
    byte: fc.nat(255),
    intruder: fc.constantFrom('\n', `\n#${nonce} `, `#${nonce} 99 end`, ' ', 'constructor', '\u0000'),
  }),
  { minLength: 1, maxLength: 4 },
);
type Damage = typeof damages extends fc.Arbitrary<(infer One)[]> ? One : never;

test('a damaged journal never throws, and all that it says is well-formed', async (t) => {
  const anyDamage = fc.property(damages, pieceSizes, (list, sizes) => {
    const damaged = list.reduce(damage, awkwardJournal);
    for (const event of eventsOf(piecesOf(damaged, inTurn(sizes))))
      assert.ok(isWellFormed(event), JSON.stringify(event));
    readJournal(damaged);
  });
  await holds(t, anyDamage, 3000);
});

function damage(bytes: Buffer, { way, at, length, byte, intruder }: Damage): Buffer {
  const [before, stretch, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, at + length),
    bytes.subarray(at + length),
  ];
  const ways = {
    byte: [before, Buffer.from([byte]), bytes.subarray(at + 1)],
    loss: [before, after],
    twice: [before, stretch, stretch, after],
    elsewhere: [after, before, stretch],
    intruder: [before, Buffer.from(intruder), stretch, after],
  };
  return Buffer.concat(ways[way]);
}

function isWellFormed(event: JournalEvent): boolean {
  switch (event.kind) {
    case 'header':
      return [1, 2, 3].includes(event.format);
    case 'clock':
      return isTime(event.epochS) && isTime(event.uptimeS);
    case 'step':
      return event.step !== '';
    case 'start':
      return isTime(event.number) && isTime(event.uptimeS);
    case 'background':
    case 'ready':
      return isTime(event.number) && isTime(event.uptimeS);
    case 'printed':
    case 'output':
      return isTime(event.number);
    case 'end':
      return (
        isTime(event.number) &&
        isTime(event.uptimeS) &&
        Number.isInteger(event.status) &&
        ['exited', 'limit', 'left', 'stopped', 'killed'].includes(event.how)
      );
    case 'step-end':
      return event.step !== '' && Number.isInteger(event.status);
    case 'done':
      return isTime(event.uptimeS);
    case 'stray':
      return event.bytes.length > 0;
  }
}

function isTime(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

test('a mark whose fields are not its kind’s is output', (t) => {
  for (const content of [
    'end',
    'end 1',
    'end 1 11.50 0',
    'end 1 11.50 0 exhausted',
    'end 1 11.50  exited',
    'end x 11.50 0 exited',
    'constructor 1',
    'done',
    'step ',
    'run 1',
  ]) {
    const printed = `\n#${nonce} 1000 ${content}\n`;
    const { commands } = readJournal(journalOf({ one: [{ text: 'printf', output: printed }] }));
    t.is(commands[0]?.output.toString(), printed, content);
    t.is(commands[0]?.end?.status, 0);
  }
});

test('a mark that repeats the newest number is output, as is one with any older number', (t) => {
  const journal = journalOf({ one: [{ text: 'cat', output: '' }] });
  const [, newest = ''] = /#\S+ (\d+) run /.exec(journal.toString('latin1')) ?? [];
  for (const number of [Number(newest), Number(newest) - 1, 0]) {
    const printed = `\n#${nonce} ${number} end 1 11.50 3 exited\n`;
    const { commands } = readJournal(journalOf({ one: [{ text: 'cat', output: printed }] }));
    t.is(commands[0]?.output.toString(), printed, String(number));
    t.is(commands[0]?.end?.status, 0, String(number));
  }
});

test('what is longer than a mark or a header may be is none, however it arrives', (t) => {
  const printed = `\n#${nonce} 1000 step ${'x'.repeat(600)} study\n`;
  const marked = journalOf({ one: [{ text: 'cat', output: printed }] });
  const headed = Buffer.from(`refigure-journal 2 ${'x'.repeat(600)}\n`);
  for (const size of [1, 100, 10_000]) {
    const outputs = eventsOf(piecesOf(marked, () => size)).flatMap((event) =>
      event.kind === 'output' ? event.bytes : [],
    );
    t.is(Buffer.concat(outputs).toString(), printed, `pieces of ${size} bytes`);
    const stray = eventsOf(piecesOf(headed, () => size)).flatMap((event) =>
      event.kind === 'stray' ? event.bytes : [],
    );
    t.deepEqual(Buffer.concat(stray), headed, `pieces of ${size} bytes`);
  }
});

test('what a probe looks into may have any name', (t) => {
  for (const subject of ['ns0', 'réseau', '网络', 'two words']) {
    const journal = journalOf({ 'one topology': [{ id: 'routes', subject, text: 'ip route', output: '' }] });
    t.like(readJournal(journal).commands[0], { id: 'routes', subject });
  }
});

test('a mark counts also where another process printed between it and its newline, as under bash', (t) => {
  const torn = Buffer.from(
    awkwardJournal.toString('latin1').replaceAll(`\n#${nonce} 5 end`, `\n...#${nonce} 5 end`),
    'latin1',
  );
  const { commands } = readJournal(torn);
  t.is(commands[0]?.output.toString(), 'one\n\n...');
  const whole = readJournal(awkwardJournal).commands.map((command) => ({ ...command, outputAt: command.outputAt + 3 }));
  t.deepEqual(commands.slice(1), whole.slice(1));
});

test('what has no header is stray, however long its first line', (t) => {
  for (const bytes of ['', 'no journal', 'no journal\nat all\n', 'refigure-journal 9 abc\nx\n', 'x'.repeat(5000)]) {
    const { commands, complete, stray } = readJournal(Buffer.from(bytes));
    t.deepEqual([commands, complete, stray.toString()], [[], false, bytes]);
  }
});

test('output is handed out as it arrives: all but what may be the beginning of a mark', (t) => {
  const bytes = journalOf({ one: [{ text: 'ping', output: '' }] });
  const start = bytes.indexOf(`\n#${nonce} 5 end`);
  const seen: string[] = [];
  const decoder = new JournalDecoder((event) => {
    if (event.kind === 'output') seen.push(event.bytes.toString());
  });
  decoder.push(bytes.subarray(0, start));
  for (const piece of ['64 bytes', ' from', '\n', '#', 'x', `\n#${nonce}`, '!']) decoder.push(Buffer.from(piece));
  t.deepEqual(seen, ['64 bytes', ' from', '\n#x', `\n#${nonce}!`]);
});

test('64 MB of output stream through, and what is held back stays below a mark’s length', (t) => {
  const bytes = journalOf({ one: [{ text: 'yes', output: '' }] });
  const start = bytes.indexOf(`\n#${nonce} 5 end`);
  const piece = Buffer.from('y\n'.repeat(32 * 1024));
  let pushed = 0;
  let seen = 0;
  let mostHeld = 0;
  const decoder = new JournalDecoder((event) => {
    if (event.kind === 'output') seen += event.bytes.length;
  });
  decoder.push(bytes.subarray(0, start));
  for (let count = 0; count < 1024; count++) {
    decoder.push(piece);
    pushed += piece.length;
    mostHeld = Math.max(mostHeld, pushed - seen);
  }
  decoder.push(bytes.subarray(start));
  decoder.end();
  t.is(seen, 64 * 1024 * 1024);
  t.true(mostHeld <= 512);
});

test('a first line that never ends is not gathered', (t) => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  let pushed = 0;
  let seen = 0;
  let mostHeld = 0;
  const decoder = new JournalDecoder((event) => {
    if (event.kind === 'stray') seen += event.bytes.length;
  });
  for (let count = 0; count < 256; count++) {
    decoder.push(piece);
    pushed += piece.length;
    mostHeld = Math.max(mostHeld, pushed - seen);
  }
  t.true(mostHeld <= 512);
});

test('a mark whose numbers have more digits than any can have is output', (t) => {
  for (const forged of [
    `end 1 ${'9'.repeat(400)}.00 0 exited`,
    'end 1 1234567890.00 0 exited',
    'end 1 2.00 1234 exited',
  ]) {
    const journal = journalOf({ one: [{ text: 'forge', output: `\n#${nonce} 5 ${forged}\n` }] });
    const [command] = readJournal(journal).commands;
    t.is(command?.output.toString(), `\n#${nonce} 5 ${forged}\n`);
    t.like(command?.end, { status: 0, how: 'exited' });
  }
});
