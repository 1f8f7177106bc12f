import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { firstDifference, type LineDifference } from '../../src/audit/first-difference.ts';
import { holds } from '../support/property.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Content = string | Buffer;

async function between(t: ExecutionContext, a: Content, b: Content): Promise<LineDifference | null> {
  const folder = await temporaryFolder(t);
  const paths = [join(folder, 'a'), join(folder, 'b')] as const;
  await Promise.all([writeFile(paths[0], a), writeFile(paths[1], b)]);
  return firstDifference(...paths);
}

/** The texts of the two lines; null of one that is not there. */
async function texts(t: ExecutionContext, a: Content, b: Content): Promise<(string | null)[]> {
  const found = await between(t, a, b);
  return [found?.a, found?.b].map((line) => (line?.state === 'there' ? line.text : null));
}

test('files with the same bytes do not differ', async (t) => {
  for (const content of ['', '\n', 'a', 'a\nb\n', Buffer.alloc(1_000_000, 'x\n')]) {
    t.is(await between(t, content, content), null);
  }
});

test('the first line that differs is told, with its number and as both files have it', async (t) => {
  t.deepEqual(await between(t, 'a\nb 1\nc\n', 'a\nb 2\nd\n'), {
    line: 2,
    a: { state: 'there', text: 'b 1', cut: [false, false], endsFile: false },
    b: { state: 'there', text: 'b 2', cut: [false, false], endsFile: false },
  });
});

test('a line that one file lacks is none', async (t) => {
  t.like(await between(t, 'a\nb\n', 'a\n'), { line: 2, a: { state: 'there', text: 'b' }, b: { state: 'none' } });
  t.like(await between(t, '', '\n'), { line: 1, a: { state: 'none' }, b: { state: 'there', text: '' } });
});

test('a line feed that is missing at the end is a difference that can be told', async (t) => {
  t.like(await between(t, 'a\nb\n', 'a\nb'), {
    line: 2,
    a: { text: 'b', endsFile: false },
    b: { text: 'b', endsFile: true },
  });
});

test('of a long line the piece around the difference is quoted, in whole characters', async (t) => {
  const [before, behind] = ['é'.repeat(5000), '漢'.repeat(5000)];
  const found = await between(t, `one\n${before}1${behind}\n`, `one\n${before}2${behind}\n`);
  t.is(found?.line, 2);
  for (const [line, digit] of [
    [found?.a, '1'],
    [found?.b, '2'],
  ] as const) {
    if (line?.state !== 'there') return t.fail('it is there');
    t.deepEqual(line.cut, [true, true]);
    t.regex(line.text, new RegExp(`^é{20,40}${digit}漢{30,60}$`, 'u'));
  }
});

test('what a terminal would act on is shown as text, and what nobody would see by its number', async (t) => {
  t.deepEqual(await texts(t, 'x\u001b[2J\u001b]0;t\u0007\r\n', 'x\t\0\u009b2J\n'), [
    'x^[[2J^[]0;t^G^M',
    'x^I^@<U+009B>2J',
  ]);
  t.deepEqual(await texts(t, 'a\u202eb\n', 'a\u200b\u00a0\u2028b\n'), ['a<U+202E>b', 'a<U+200B><U+00A0><U+2028>b']);
});

test('bytes that are no text are shown as bytes, and so is what would look alike', async (t) => {
  t.deepEqual(await texts(t, Buffer.from([0x61, 0xff, 0x0a]), 'a\n'), ['a\\xff', 'a']);
  t.deepEqual(await texts(t, 'caf\u00e9\n', 'cafe\u0301\n'), ['caf\\xc3\\xa9', 'cafe\\xcc\\x81']);
});

test('files of many pieces are compared to their last byte', async (t) => {
  const lines = 'x'.repeat(1023).concat('\n').repeat(2000);
  t.like(await between(t, `${lines}end 1\n`, `${lines}end 2\n`), {
    line: 2001,
    a: { text: 'end 1' },
    b: { text: 'end 2' },
  });
  const line = Buffer.alloc(3_000_000, 'x');
  const found = await between(t, Buffer.concat([line, Buffer.from('1')]), Buffer.concat([line, Buffer.from('2')]));
  t.like(found, { line: 1, a: { text: `${'x'.repeat(60)}1`, cut: [true, false], endsFile: true } });
});

test('whatever the files hold, the line is the first that differs, and what is shown of it is harmless', async (t) => {
  const content = fc.array(fc.constantFrom(0x0a, 0x0d, 0x1b, 0x61, 0x62, 0xc3, 0xa9, 0xe2, 0x80, 0xae, 0xff), {
    maxLength: 12,
  });
  await holds(
    t,
    fc.asyncProperty(content, content, async (one, other) => {
      const [a, b] = [Buffer.from(one), Buffer.from(other)];
      const found = await between(t, a, b);
      if (found === null) return a.equals(b);
      let same = 0;
      while (same < Math.min(a.length, b.length) && a[same] === b[same]) same += 1;
      const line = a.subarray(0, same).toString('latin1').split('\n').length;
      const shown = [found.a, found.b].map((line) => (line.state === 'there' ? line.text : ''));
      return found.line === line && shown.every((text) => !/[\p{Cc}\p{Cf}]/u.test(text));
    }),
    200,
  );
});

test('a file that can not be read is an error', async (t) => {
  const folder = await temporaryFolder(t);
  await t.throwsAsync(firstDifference(join(folder, 'a'), join(folder, 'b')), { code: 'ENOENT' });
});
