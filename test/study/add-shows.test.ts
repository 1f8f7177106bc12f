import test from 'ava';
import { parse } from 'yaml';
import { UsageError } from '../../src/core/errors.ts';
import { addShows } from '../../src/study/add-shows.ts';
import { edit, smallStudy } from '../support/small-study.ts';

const run = '0'.repeat(64);
const shows = { origin: 'adopted' as const, run, outputs: { names: 'a\n\n  b \n' }, masks: [] };

function figuresOf(text: string): unknown {
  return (parse(text) as { figures: unknown }).figures;
}

test('what a figure shows is put behind its last key, and every other byte stays', (t) => {
  const commented = edit(smallStudy, [
    'terminal: [names]\n',
    'terminal: [names] # the list\n    # of the paper\n  # the next\n',
  ]);
  for (const before of [smallStudy, commented, smallStudy.replaceAll('\n', '\r\n')]) {
    const after = addShows('study.yaml', before, new Map([['1', shows]]));
    const at = after.indexOf('    shows:');
    const rest = after.slice(at).search(/^(?! {6}| {4}shows|\r?$)/m);
    t.is(after.slice(0, at) + after.slice(at + rest), before);
    t.like(figuresOf(after), [{ id: '1', shows }]);
  }
});

test('several figures are written into at once, the last line of a file among them', (t) => {
  const second =
    '  - id: "2"\n    origin: text\n    caption: { en: a, zh: b }\n    paper: { en: a, zh: b }\n    terminal: [names]';
  const [head = '', tail = ''] = smallStudy.split('\nfigures:');
  const [figures = '', claims = ''] = tail.split('claims:');
  const before = `${head}\nclaims:${claims}figures:${figures}${second}`;
  const after = addShows(
    'study.yaml',
    before,
    new Map([
      ['2', shows],
      ['1', shows],
    ]),
  );
  t.like(figuresOf(after), [
    { id: '1', shows },
    { id: '2', shows },
  ]);
});

test('a figure in braces, or an alias, is refused', (t) => {
  const [before = '', rest = ''] = smallStudy.split("  - id: '1'");
  const claims = rest.slice(rest.indexOf('claims:'));
  const braces = '{ id: "1", origin: text, caption: { en: a, zh: b }, paper: { en: a, zh: b }, terminal: [names] }';
  for (const figure of [`  - ${braces}\n`, `  - *figure\n`]) {
    const study = `${before}${figure}${claims}`.replace(
      'format: 1',
      `format: 1\ndefinitions: { figure: &figure ${braces} }`,
    );
    t.throws(() => addShows('study.yaml', study, new Map([['1', shows]])), {
      instanceOf: UsageError,
      message: /\(1\) cannot be written into study\.yaml/,
    });
  }
});
