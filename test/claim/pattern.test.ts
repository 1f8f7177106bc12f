import fc from 'fast-check';
import test from 'ava';
import { RE2JSException } from 're2js';
import { compilePattern } from '../../src/claim/pattern.ts';
import { holds } from '../support/property.ts';

/** Patterns from parts that mean the same in JavaScript. */
const patterns = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\W', '\\s', '[a-c0-9]', '\\.', '^', '$', '\\b', '\\x61'),
    fc.tuple(fc.constantFrom('(', '(?:', '(?<name>'), tie('pattern')).map(([open, inner]) => `${open}${inner})`),
  ),
  pattern: fc
    .array(fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '+?', '|')), {
      maxLength: 4,
    })
    .map((parts) =>
      parts.map(([atom, repeat]) => (/^(?:\^|\$|\\b)$/.test(atom) && repeat !== '|' ? atom : atom + repeat)).join(''),
    ),
})).pattern;

test('a pattern matches what it matches in JavaScript', async (t) => {
  let matched = 0;
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '.', ' ', '\n'), maxLength: 8 });
  const property = fc.property(patterns, texts, (pattern, text) => {
    // Two groups may not have one name.
    const plain = pattern.replaceAll('(?<name>', '(');
    const expected = new RegExp(plain).test(text);
    matched += expected ? 1 : 0;
    return compilePattern(plain).matches(text) === expected;
  });
  await holds(t, property, 3000);
  t.true(matched > 300);
});

test('the syntax is RE2’s, which those who write CEL know', (t) => {
  for (const [pattern, text, fits] of [
    ['^.$', '😀', true],
    ['^[😀-😂]$', '😁', true],
    ['^\\x{1F600}$', '😀', true],
    ['^[a-]+$', 'a-a', true],
    ['^[\\]\\\\]+$', ']\\', true],
    ['^[^\\d]$', '7', false],
    ['^[\\w.-]+$', 'veth0.7-a', true],
    ['^(?P<first>\\d+)/(\\d+)$', '10/24', true],
    ['(?i)^reachable$', 'REACHABLE', true],
    ['', '', true],
  ] as const) {
    t.is(compilePattern(pattern).matches(text), fits, pattern);
  }
});

test('a pattern that is far too large is refused before it is built', (t) => {
  for (const pattern of ['(a{1000}){1000}', '((){9999}){9999}']) {
    t.throws(() => compilePattern(pattern), { instanceOf: RE2JSException });
  }
});
