import { readFile } from 'node:fs/promises';
import test from 'ava';
import { kindNames } from '../../src/figure/kinds/kinds.ts';
import { packagePath } from '../../src/core/package.ts';
import { problemsOf } from '../support/small-study.ts';

const text = await readFile(packagePath('docs/figures.md'), 'utf8');
const [, study = ''] = /```yaml\n([^]*?)```/.exec(text) ?? [];

test('the study of the documentation of figures has no problem', async (t) => {
  t.deepEqual(await problemsOf(t, study, {}), []);
});

test('each kind that the documentation names is one, and it has those that are drawn from numbers', (t) => {
  const named = [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
  const kinds = named.filter((name) => !['order', 'sign'].includes(name));
  t.true(
    kinds.every((name) => kindNames.includes(name)),
    kinds.join(' '),
  );
  t.deepEqual(kinds.toSorted(), ['bars', 'box', 'cdf', 'messages', 'points', 'series', 'table']);
});
