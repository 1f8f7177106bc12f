import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { cellSuffixes, combinationsOf, exportLines, withParameters } from '../../src/study/parameters.ts';

const run = promisify(execFile);

test('each combination is a cell, the last parameter changing first, without those that are left out', (t) => {
  const matrix = { parameters: { delay: [10, 50], loss: [0, 30] }, except: [{ delay: 50, loss: 0 }] };
  t.deepEqual(combinationsOf(matrix), [
    { delay: 10, loss: 0 },
    { delay: 10, loss: 30 },
    { delay: 50, loss: 30 },
  ]);
  t.deepEqual(cellSuffixes(matrix), ['.delay-10.loss-0', '.delay-10.loss-30', '.delay-50.loss-30']);
  t.deepEqual(combinationsOf({ parameters: {}, except: [] }), [{}]);
});

test('values that would be no names of files, or the same one where case counts for nothing, are numbered', (t) => {
  const suffixes = (...values: string[]): string[] => cellSuffixes({ parameters: { x: values }, except: [] });
  t.deepEqual(suffixes('cubic', 'bbr'), ['.x-cubic', '.x-bbr']);
  t.deepEqual(suffixes('a', 'A'), ['.x-v1', '.x-v2']);
  t.deepEqual(suffixes('../up', 'b c', 'ends.'), ['.x-v1', '.x-v2', '.x-v3']);
  const long = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, ['a-value-of-23-characters']]));
  t.deepEqual(cellSuffixes({ parameters: long, except: [] }), ['.cell-1']);
});

test('a plain value is written into a command; what is no parameter stays the shell’s', (t) => {
  const values = { delay: 10, loss: 0.5, name: 'eth0.10' };
  const filled = (text: string): string => withParameters(text, values);
  t.is(filled('tc … delay ${delay}ms loss ${loss}% dev ${name}'), 'tc … delay 10ms loss 0.5% dev eth0.10');
  t.is(filled('echo ${HOME} $delay ${delay:-1} ${other}'), 'echo ${HOME} $delay ${delay:-1} ${other}');
  t.is(filled('echo \\${delay} \'${delay}\' "${delay}"'), 'echo \\${delay} \'10\' "10"');
});

// What a value must not do is be anything but a word, wherever the author puts it.
const hostile = [
  'a b',
  "it's",
  '$(echo run)',
  '`echo run`',
  '; echo run',
  '"',
  '\\',
  '*',
  '${delay}',
  '-n',
  '~',
  'a\nb',
  '#',
];

for (const [what, command] of [
  ['bare', 'printf %s ${x}'],
  ['within double quotation marks', 'printf %s "${x}"'],
  ['within a word', 'printf %s a${x}'],
  ['handed to another shell', 'sh -c \'printf %s "${x}"\''],
  ['behind an apostrophe in double quotation marks', 'printf "it\'s %s" ${x}'],
  ['in a here-document', 'cat <<END\n${x}\nEND'],
] as const) {
  for (const value of hostile) {
    test(`a value ${JSON.stringify(value)} ${what} is that text for the shell`, async (t) => {
      const lines = [...exportLines({ x: value }), withParameters(command, { x: value })].join('\n');
      const { stdout } = await run('sh', ['-c', lines]);
      const wanted = { 'within a word': `a${value}`, 'in a here-document': `${value}\n` }[what as string] ?? value;
      t.is(stdout, what.startsWith('behind') ? `it's ${value}` : wanted);
    });
  }
}
