import test from 'ava';
import type { Stream } from '../../src/evidence/journal-decoder.ts';
import { longestLineBytes, OutputLines } from '../../src/run/output-lines.ts';

/** The lines of some pieces; null stands for the end of a line that is known before its newline comes. */
function linesOf(pieces: readonly (string | Buffer | null)[], stream: Stream = 'both'): string[] {
  const lines: string[] = [];
  const reader = new OutputLines(({ line }) => lines.push(line));
  for (const piece of pieces) {
    if (piece === null) reader.end();
    else reader.add(stream, Buffer.from(piece));
  }
  return lines;
}

test('every line is told, blank ones and all, however the output arrives', (t) => {
  const text = 'PING\n\n64 bytes\n  indented\n--- statistics ---\n3 received\n';
  const expected = ['PING', '', '64 bytes', '  indented', '--- statistics ---', '3 received'];
  t.deepEqual(linesOf([text]), expected);
  t.deepEqual(linesOf(Array.from(text)), expected);
  t.deepEqual(linesOf([text, null]), expected, 'nothing more comes at the end');
});

test('what has no end comes at the end, once', (t) => {
  t.deepEqual(linesOf(['a\nno newline']), ['a']);
  t.deepEqual(linesOf(['a\nno newline', null, null]), ['a', 'no newline']);
});

test('a line that is told before its newline comes is not told again, and a blank line after it is', (t) => {
  t.deepEqual(linesOf(['one', null, '\ntwo', null, '\n', null]), ['one', 'two']);
  t.deepEqual(linesOf(['one', null, '\n\ntwo\n']), ['one', '', 'two']);
  t.deepEqual(linesOf(['one', null, '', '\n', '\n']), ['one', '']);
  t.deepEqual(linesOf(['one', null, '#\n']), ['one', '#']);
});

test('the streams are told apart, and the end of one ends no line of the other', (t) => {
  const lines: unknown[] = [];
  const reader = new OutputLines((line) => lines.push(line));
  reader.add('both', Buffer.from('out'));
  reader.add('error', Buffer.from('err\n'));
  reader.add('both', Buffer.from('put\n'));
  t.deepEqual(lines, [
    { stream: 'error', line: 'err', cutBytes: 0 },
    { stream: 'both', line: 'output', cutBytes: 0 },
  ]);
});

test('what a terminal would act on is replaced by blanks; a carriage return before the newline is its part', (t) => {
  t.deepEqual(linesOf(['\u001b[31mred\u001b[0m\ttab\u0007\r\n']), [' [31mred [0m tab ']);
  t.deepEqual(linesOf(['10%\r20%\n']), ['10% 20%']);
  t.deepEqual(linesOf([Buffer.from('\xe4\x9b', 'latin1'), Buffer.from('\xe4\n', 'latin1')]), ['\ufffd\ufffd']);
});

test('a character that arrives in pieces is one', (t) => {
  const text = Buffer.from('替代\n');
  t.deepEqual(linesOf([...text].map((byte) => Buffer.from([byte]))), ['替代']);
});

test('an overlong line is cut with a mark, not in the midst of a character, and says how much is left out', (t) => {
  const lines: unknown[] = [];
  const reader = new OutputLines((line) => lines.push(line));
  const long = '替'.repeat(3000); // 3 bytes each; the limit is no multiple of it
  for (const piece of [long, long, '\n', 'short\n']) reader.add('both', Buffer.from(piece));
  const kept = Math.floor(longestLineBytes / 3);
  t.deepEqual(lines, [
    { stream: 'both', line: `${'替'.repeat(kept)}…`, cutBytes: 18_000 - longestLineBytes },
    { stream: 'both', line: 'short', cutBytes: 0 },
  ]);
});

test('lines are the same however many come at once, overlong ones among them', (t) => {
  const long = '替代'.repeat(2000);
  const text = Buffer.from(`one\n\n${long}\n${'x'.repeat(longestLineBytes)}\n\xff\r\nlast`);
  const told = (pieces: readonly Buffer[]): unknown[] => {
    const lines: unknown[] = [];
    const reader = new OutputLines((line) => lines.push(line));
    for (const piece of pieces) reader.add('both', piece);
    reader.end();
    return lines;
  };
  const single = told(Array.from(text, (byte) => Buffer.from([byte])));
  t.is(single.length, 6);
  t.deepEqual(told([text]), single);
  t.deepEqual(told([text.subarray(0, 9), text.subarray(9)]), single);
});
