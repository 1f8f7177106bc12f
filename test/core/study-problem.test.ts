import test from 'ava';
import { problemText } from '../../src/core/study-problem.ts';

const place = { file: 'study.yaml', line: 33, column: 12, message: 'wrong' };

test('a problem is shown with its line and a mark under what is meant', (t) => {
  t.is(
    problemText({ ...place, excerpt: { text: '    after: frist', length: 5 } }),
    'study.yaml:33:12: wrong\n  33 |     after: frist\n     |            ^^^^^',
  );
});

test('a problem of a whole file, or of a line that is empty, has none', (t) => {
  t.is(problemText(place), 'study.yaml:33:12: wrong');
  t.is(problemText({ ...place, excerpt: { text: '  ', length: 0 } }), 'study.yaml:33:12: wrong');
});

test('the mark stands under wide characters as wide as they are, and a line drives no terminal', (t) => {
  const text = 'title: 论文 x\u001b]0;owned\u0007';
  const [, line = '', marks = ''] = problemText({ ...place, column: 8, excerpt: { text, length: 2 } }).split('\n');
  t.is(line, '  33 | title: 论文 x ]0;owned ');
  t.is(marks, '     |        ^^^^');
});

test('of a long line the piece around the place is shown', (t) => {
  const text = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
  const [, line = '', marks = ''] = problemText({ ...place, column: 501, excerpt: { text, length: 4 } }).split('\n');
  t.true(line.length < 140 && line.includes('HERE') && line.endsWith('…'));
  t.is(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1), 'HERE');
});
