import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { jsonLine } from '../../src/core/terminal.ts';
import { echoed, forTerminal, lineOnTerminal } from '../../src/core/terminal-text.ts';
import { escapeXml, printable } from '../../src/figure/svg/document.ts';
import { asciicast } from '../../src/recording/asciicast.ts';
import { resetAfter } from '../../src/recording/reset.ts';
import { escapeHtml } from '../../src/report/html/escape.ts';
import { inlineMarkdown } from '../../src/report/html/inline-markdown.ts';
import { codeBlock, codeSpan, escapeInline, linkTarget, tableCell } from '../../src/report/markdown/escape.ts';
import { visibleLine } from '../../src/report/visible.ts';
import { elementsOf } from '../figure/xml.ts';
import { nodesOf, parseMarkdown } from '../report/markdown-tree.ts';
import { holds } from '../support/property.ts';
import { hostileText } from './inputs.ts';

/** What a terminal acts on, and what turns or hides what stands around it. */
const acting = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;
const anyText = fc.oneof({ arbitrary: hostileText, weight: 3 }, fc.string({ unit: 'binary', maxLength: 60 }));

test('of no text that goes to a terminal does the terminal act on anything', async (t) => {
  const property = fc.property(anyText, (text) => {
    assert.doesNotMatch(forTerminal(text), acting);
    assert.doesNotMatch(lineOnTerminal(text), acting);
    assert.doesNotMatch(lineOnTerminal(text), /\n/);
    assert.doesNotMatch(echoed(text), /[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  });
  await holds(t, property, 3000);
});

test('a line of JSON is one line of what no terminal acts on, and gives the value back', async (t) => {
  const property = fc.property(fc.jsonValue({ stringUnit: 'binary' }), anyText, (value, text) => {
    const line = jsonLine({ value, [text]: text });
    assert.doesNotMatch(line, acting);
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify({ value, [text]: text })));
  });
  await holds(t, property, 1500);
});

test('no text is more than text in Markdown', async (t) => {
  const property = fc.property(anyText, (text) => {
    const pieces = [escapeInline(text), codeSpan(text), tableCell(escapeInline(text))];
    for (const piece of pieces) {
      assert.doesNotMatch(piece, acting);
      const tree = parseMarkdown(`Before ${piece} after.`);
      for (const kind of ['html', 'link', 'image', 'heading', 'table', 'footnoteReference'] as const) {
        assert.deepEqual(
          nodesOf(tree, kind as 'html').filter(({ value }) => !/^<\/?code>$/.test(value)),
          [],
          kind,
        );
      }
    }
    const [block, behind, ...others] = parseMarkdown(`${codeBlock(text)}\n\nafter\n`).children;
    assert.deepEqual([block?.type, behind?.type, others], ['code', 'paragraph', []]);
    assert.doesNotMatch(codeBlock(text), acting);
  });
  await holds(t, property, 800);
});

test('a link leads where it should', async (t) => {
  const property = fc.property(anyText, (text) => {
    const [link, ...others] = nodesOf(parseMarkdown(`[x](${linkTarget(text)})`), 'link');
    assert.equal(others.length, 0);
    assert.doesNotMatch(link?.url ?? '', /\s/);
  });
  await holds(t, property, 800);
});

test('no text is more than text in HTML and in SVG', async (t) => {
  const property = fc.property(anyText, (text) => {
    assert.doesNotMatch(escapeHtml(text), /[<>"']|&(?!(?:amp|lt|gt|quot|#39|#x27);)/);
    assert.doesNotMatch(visibleLine(text), acting);
    const [element, ...others] = elementsOf(`<svg><text>${escapeXml(printable(text))}</text></svg>`);
    assert.ok(element !== undefined && others.length <= 1);
    const tags = [...inlineMarkdown(text).matchAll(/<\/?(\w*)/g)].map(([, tag]) => tag);
    assert.deepEqual(
      tags.filter((tag) => !['code', 'em', 'strong', 'del', 'br', 'a', 'sub', 'sup'].includes(tag ?? '')),
      [],
    );
    assert.doesNotMatch(inlineMarkdown(`[a](x) [b${text}`), /(?:href|src)="\s*(?:javascript|data|vbscript|file):/i);
  });
  await holds(t, property, 1500);
});

test('a recording of any text is a header and lines of JSON whose times grow, and leaves the terminal as it was', async (t) => {
  const events = fc.array(fc.record({ atS: fc.double(), text: anyText }), { maxLength: 10 });
  const property = fc.property(events, anyText, (list, title) => {
    const [header = '', ...lines] = asciicast({ columns: 80, rows: 24, title, epochS: null }, list)
      .trimEnd()
      .split('\n');
    assert.equal((JSON.parse(header) as { title: string }).title, JSON.parse(JSON.stringify(title)));
    let last = 0;
    for (const line of lines) {
      const [at] = JSON.parse(line) as [number, string, string];
      assert.ok(at >= last);
      last = at;
    }
    resetAfter(list.map(({ text }) => text).join(''));
  });
  await holds(t, property, 800);
});
