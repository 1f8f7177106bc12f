import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { AfterMark, forAnyShell, MarkedCommand } from '../../src/provider/ssh/any-shell.ts';
import { holds } from '../support/property.ts';
import { testWith } from '../support/tools.ts';

const run = promisify(execFile);

for (const shell of ['sh', 'bash', 'fish', 'csh', 'tcsh']) {
  testWith(shell)(`${shell} hands a script to a POSIX shell as it is, whatever is in it`, async (t) => {
    const text = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
      .slice(1)
      .join('');
    const quoted = `'${text.replaceAll("'", "'\\''")}'`;
    for (const word of [quoted, `'é 漢 ${'x!\\'.repeat(500)}'`]) {
      const { stdout } = await run(shell, ['-c', forAnyShell(`printf %s ${word}`)]);
      const { stdout: expected } = await run('sh', ['-c', `printf %s ${word}`]);
      t.is(stdout, expected);
    }
  });
}

test('what comes before the mark is kept apart, wherever the stream is cut', async (t) => {
  const property = fc.property(
    fc.string(),
    fc.uint8Array(),
    fc.array(fc.nat({ max: 60 }), { maxLength: 10 }),
    (noise, rest, cuts) => {
      const mark = '<mark>';
      const all = Buffer.concat([Buffer.from(noise), Buffer.from(mark), Buffer.from(rest)]);
      const places = [0, ...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
      const after = new AfterMark(mark);
      const passed = places.slice(1).flatMap((end, index) => after.take(all.subarray(places[index], end)) ?? []);
      assert.ok(Buffer.concat(passed).equals(Buffer.from(rest)));
      assert.ok(after.isFound);
    },
  );
  await holds(t, property, 300);
});

test('of a stream without a mark only the beginning is kept', (t) => {
  const after = new AfterMark('<mark>');
  for (let count = 0; count < 1000; count += 1) t.is(after.take(Buffer.alloc(1000, 'a')), null);
  t.is(after.before.length, 2000);
  t.false(after.isFound);
});

test('a command that never began says what came instead', (t) => {
  const silent = new MarkedCommand('true', true);
  t.deepEqual(silent.unanswered, { ranShell: false, said: '' });
  const said = new MarkedCommand('true', false);
  said.output.take(Buffer.from('hello\n'));
  said.errorOutput.take(Buffer.from('no\n'));
  t.deepEqual(said.unanswered, { ranShell: false, said: 'hello\nno' });
});
