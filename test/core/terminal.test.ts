import test from 'ava';
import { jsonLine } from '../../src/core/terminal.ts';
import { forTerminal } from '../../src/core/terminal-text.ts';

test('a terminal acts on nothing of a text but line feeds and tabs', (t) => {
  t.is(forTerminal('a\u001b]0;x\u0007\r\nb\tc\rd\u009b2J\u007f'), 'a^[]0;x^G\nb\tc^Md\ufffd2J\ufffd');
});

test('what has no width or turns the direction of a text is shown by its name', (t) => {
  t.is(forTerminal('a\u200bb\u{e0041}c\u202ed\ufeff'), 'a<U+200B>b<U+E0041>c<U+202E>d<U+FEFF>');
  t.is(forTerminal('✅ ❤\ufe0f 中文 é'), '✅ ❤\ufe0f 中文 é');
});

test('a line of JSON for programs says the same, and holds nothing that a terminal or GitHub would act on', (t) => {
  const value = { text: 'a\u001b]0;x\u0007\u009b2J\u200b\u{e0041}\u202e ##[error] ✅ "\\' };
  const line = jsonLine(value);
  t.deepEqual(JSON.parse(line), value);
  t.regex(line, /^[\x20-\x7e✅]+\n$/);
  t.false(line.includes('##['));
});
