import test from 'ava';
import { termTexts } from '../../src/claim/syntax.ts';

test('the terms of a conjunction are those between its operators, whatever parentheses stand around them', (t) => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'a && b && c': ['a', 'b', 'c'],
    '(a && b) && c': ['a', 'b', 'c'],
    '((a && (b && c)))': ['a', 'b', 'c'],
    '(a.b).c == 1 && !(d.e)': ['(a.b).c == 1', '!(d.e)'],
    '(a || b) && c': ['(a || b)', 'c'],
    'a.exists(x, x.b && x.c)': ['a.exists(x, x.b && x.c)'],
    '(a && b) == c': ['(a && b) == c'],
    'a == "&&" && b': ['a == "&&"', 'b'],
    'a // && b\n && c': ['a // && b', 'c'],
    'a &&': ['a &&'],
  };
  for (const [expression, terms] of Object.entries(cases)) t.deepEqual(termTexts(expression), terms, expression);
});
