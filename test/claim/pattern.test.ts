import fc from 'fast-check';
import test from 'ava';
import { Program } from '../../src/claim/pattern/program.ts';

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

test('a pattern matches what it matches in JavaScript', (t) => {
  let matched = 0;
  fc.assert(
    fc.property(
      patterns,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '.', ' ', '\n'), maxLength: 8 }),
      (pattern, text) => {
        // Two groups may not have one name in JavaScript.
        const plain = pattern.replaceAll('(?<name>', '(');
        const expected = new RegExp(plain).test(text);
        matched += expected ? 1 : 0;
        return new Program(pattern).matches(text) === expected;
      },
    ),
    { numRuns: 3000, seed: 15 },
  );
  t.true(matched > 300);
});

test('characters are code points, and classes hold ranges, escapes and hyphens', (t) => {
  for (const [pattern, text, fits] of [
    ['^.$', '😀', true],
    ['^[😀-😂]$', '😁', true],
    ['^\\x{1F600}$', '😀', true],
    ['^[a-]+$', 'a-a', true],
    ['^[\\]\\\\]+$', ']\\', true],
    ['^[^\\d]$', '7', false],
    ['^[\\w.-]+$', 'veth0.7-a', true],
    ['^(?P<first>\\d+)/(\\d+)$', '10/24', true],
    ['a{,2}', 'a{,2}', true],
    ['', '', true],
  ] as const) {
    t.is(new Program(pattern).matches(text), fits, pattern);
  }
});

test('a pattern that is far too large is refused before it is built', (t) => {
  for (const pattern of ['(a{1000}){1000}', '((){9999}){9999}', 'x'.repeat(3000)]) {
    t.throws(() => new Program(pattern), { name: 'PatternError' });
  }
});
