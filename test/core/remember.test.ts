import test from 'ava';
import { remember } from '../../src/core/remember.ts';

test('the work is done once for each of the texts that were asked for last', (t) => {
  const done: string[] = [];
  const length = remember(2, (text) => {
    done.push(text);
    return text.length;
  });
  t.deepEqual([length('a'), length('bb'), length('a')], [1, 2, 1]);
  t.deepEqual(done, ['a', 'bb']);
  t.is(length('ccc'), 3); // 'bb' is forgotten: 'a' was asked for after it
  t.deepEqual([length('a'), length('bb')], [1, 2]);
  t.deepEqual(done, ['a', 'bb', 'ccc', 'bb']);
});
