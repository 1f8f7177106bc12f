import test from 'ava';
import { cutOutput, shownBytes, shownLimit } from '../../src/evidence/cut-output.ts';

const MiB = 1024 * 1024;

test('of many outputs each is shown to an equal part of 4 MiB, and none to less than a KiB', (t) => {
  const limitOf = (count: number, bytes: number): number =>
    shownLimit(Array.from({ length: count }, () => Buffer.alloc(bytes)));
  t.is(limitOf(0, 0), shownBytes);
  t.is(limitOf(1, 100 * MiB), shownBytes);
  t.is(limitOf(64, 10 * shownBytes), shownBytes, 'what is not shown of an output does not count');
  t.is(limitOf(65, shownBytes), Math.floor((4 * MiB) / 65));
  t.is(limitOf(4096, shownBytes), 1024);
  t.is(limitOf(5000, shownBytes), 1024);
  t.is(limitOf(5000, 100), shownBytes, 'short outputs are shown whole, however many');
});

test('what is left out of an output is counted, be it held or not', (t) => {
  const output = Buffer.from('0123456789');
  const rest = { bytes: 5, lines: 0, tail: Buffer.alloc(0), sha256: '' };
  t.deepEqual(cutOutput(output, null), { shown: output, moreBytes: 0 });
  t.deepEqual(cutOutput(output, rest), { shown: output, moreBytes: 5 });
  t.deepEqual(cutOutput(output, rest, 4), { shown: Buffer.from('0123'), moreBytes: 11 });
});
