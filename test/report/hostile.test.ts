import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { layout } from '../../src/evidence/layout.ts';
import { languages } from '../../src/report/language.ts';
import { codeBlock, codeSpan, escapeInline, linkTarget, tableCell } from '../../src/report/markdown/escape.ts';
import { editRecord, fixChecksum, oldRun } from '../support/evidence.ts';
import { smallRecord, smallRun } from '../support/saved-run.ts';
import { edit, smallStudy } from '../support/small-study.ts';
import { elementsOf } from '../figure/xml.ts';
import { nodesOf, parseMarkdown, skeletonOf, textOf } from './markdown-tree.ts';
import { render } from './rendering.ts';

/** Each tries to be more than text, in Markdown, in HTML, in a terminal or on the eye. */
const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></summary><b>',
  '<!-- ',
  ']]>',
  '| a | b | c |',
  '\\| \\\\| \\\\\\|',
  '``` `` ` ````````',
  '~~~~~~',
  '# heading',
  '- [ ] item',
  '> quote',
  '[link](javascript:alert(1)) ![image](http://example.com/x.png)',
  'http://example.com/ www.example.com someone@example.com',
  '**bold** __bold__ *a* _b_ ~~c~~',
  '&lt;b&gt; &amp; &#60;',
  '{{headline}} {{{raw}}}',
  '\u202eevil\u2066\u200f\u061c',
  'a\rb\u2028c\u0085d\u0000e\u001b[2Jf\u007f',
  '\u001b]8;;http://example.com/\u0007link\u001b]8;;\u0007',
  '  ',
  '\\',
];

/** Shows what was captured in the transcript, in figures of two kinds, in a claim's row and in quoted lines. */
const study = edit(
  smallStudy,
  ['        script: make.sh\n', ''],
  ['run: ip netns list, capture: names, parse: namespaces', 'run: ping 10.1.1.2, capture: pinged, parse: ping'],
  ['run: ip netns list, capture: again, parse: namespaces', 'run: ip neigh, capture: neighbours, parse: neighbours'],
  [
    '    terminal: [names]\n',
    `    terminal: [pinged]
  - id: table
    origin: text
    caption: { en: Neighbours, zh: 邻居 }
    paper: { en: None., zh: 无。 }
    terminal: [neighbours]
    shows: { origin: text, outputs: { neighbours: x }, masks: [] }
  - id: plot
    origin: added
    caption: { en: Round trips, zh: 往返时间 }
    paper: { en: None., zh: 无。 }
    rtt: [pinged]
`,
  ],
  ['names.namespaces.exists(n, n.name == "a")', 'pinged.received == 0'],
  ['again.namespaces.exists(n, n.name == "a")', 'neighbours.neighbours.exists(n, n.device == "veth0")'],
);
const neighbour = (device: string): string => `10.1.1.2 dev ${device} lladdr 9e:02:cf:55:f7:3c REACHABLE \n`;

/** HTML that the template itself writes; code in HTML is what stands for a code span with a backslash before a pipe. */
const ownHtml = /^(?:<br>|<details><summary>[^<>]*<\/summary>|<\/details>|<code>|<\/code>)$/;

test('no capture, however hostile, can change the shape of the report or put HTML or a link into it', async (t) => {
  // The same verdicts, and the same figures missing or different as below, by a capture that means no harm.
  const clean = await smallRun(t, {
    study,
    printed: { pinged: 'nothing that ping would print\n', neighbours: neighbour('veth9') },
    facts: { system: 'PRETTY_NAME="Linux"\n' },
  });
  const expected = new Map<string, string[]>();
  for (const language of languages) {
    expected.set(language, skeletonOf(withoutUnread(parseMarkdown((await render(clean, language)).markdown))));
  }

  for (const [index, text] of [...hostile, hostile.join('\n')].entries()) {
    // It is in the transcript, in the figure, in the reason why it can't be read, in a quoted line and in the facts.
    const folder = await smallRun(t, {
      study,
      printed: { pinged: `${text}\n${text}`, neighbours: neighbour(text.replaceAll(/\s/g, '·') || 'x') },
      facts: { system: `PRETTY_NAME="${text.replaceAll('\n', ' ')}"\n` },
      record: { host: { ...smallRecord.host, system: text } },
    });
    for (const language of languages) {
      const { markdown, files } = await render(folder, language);
      const tree = parseMarkdown(markdown);
      const name = `${index} ${language}: ${JSON.stringify(text)}`;
      t.deepEqual(
        skeletonOf(withoutUnread(tree)).filter((block) => !block.startsWith('code')),
        (expected.get(language) ?? []).filter((block) => !block.startsWith('code')),
        name,
      );
      for (const { value } of nodesOf(tree, 'html')) t.regex(value, ownHtml, name);
      for (const { url } of [...nodesOf(tree, 'link'), ...nodesOf(tree, 'image')]) {
        t.regex(url, /^(?:figures|captures|journal|recordings|study)\/|^\w+(?:\.zh)?\.(?:md|html|json)$/, name);
      }
      t.notRegex(markdown, /[\u0000-\u0008\u000b-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/, name);
      for (const [path, svg] of files) {
        if (path.endsWith('.svg')) t.notThrows(() => elementsOf(svg), `${name} ${path}`);
      }
    }
  }
});

/** Without what is said of a capture that can't be read: a hostile one may be such. */
function withoutUnread(tree: ReturnType<typeof parseMarkdown>): ReturnType<typeof parseMarkdown> {
  const isNote = /^(?:Not read of this step|这一步未读取)/;
  return { ...tree, children: tree.children.filter((node) => !isNote.test(textOf(node))) };
}

test('a reason with every hostile text does not break the note of a partial run', async (t) => {
  const folder = await smallRun(t);
  for (const text of hostile) {
    await editRecord(folder, (record) => {
      record.state = 'partial';
      record.reason = `It failed: ${text}`;
    });
    await fixChecksum(folder, 'run.json');
    for (const language of languages) {
      const tree = parseMarkdown((await render(folder, language)).markdown);
      const [quote, ...others] = nodesOf(tree, 'blockquote');
      t.is(others.length, 0, text);
      t.is(nodesOf(quote ?? tree, 'html').filter(({ value }) => !/^<\/?code>$/.test(value)).length, 0, text);
      t.is(tree.children.indexOf(quote ?? (tree.children[0] as never)), 2, text);
    }
  }
});

test('10 MB from one command are shown in part, and the report stays small', async (t) => {
  const line = 'From 10.1.1.1 icmp_seq=1 Destination Host Unreachable\n';
  const pinged = Buffer.from(line.repeat(Math.ceil((10 * 1024 * 1024) / line.length)));
  // One line of 10 MB, in another place.
  const neighbours = `${'x'.repeat(10 * 1024 * 1024)}\n`;
  const { markdown, files } = await render(await smallRun(t, { study, printed: { pinged, neighbours } }));
  t.true(markdown.length < 1024 * 1024);
  t.regex(markdown, new RegExp(`\\[${pinged.length - 64 * 1024} bytes more, in the journal\\]`));
  t.true(markdown.includes('An output is shown in part; the whole is in [captures/pinged.txt](captures/pinged.txt).'));
  for (const [path, content] of files) t.true(content.length < 2 * 1024 * 1024, path);
});

test('bytes that are no UTF-8 are shown as such, and the capture keeps them', async (t) => {
  const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x0a]);
  const folder = await smallRun(t, { study, printed: { pinged: bytes } });
  t.true((await render(folder)).markdown.includes('a\ufffd\ufffd'));
  t.deepEqual(await readFile(join(folder, layout.capture('pinged'))), bytes);
});

test('prose of a study may have code with a pipe in a table, and no cell is lost', async (t) => {
  const prose = edit(smallStudy, ['statement: { en: There is a,', 'statement: { en: "`a | b` works, or | not",']);
  const { markdown } = await render(await smallRun(t, { study: prose }));
  const row = nodesOf(parseMarkdown(markdown), 'tableRow').find((candidate) => textOf(candidate).includes('works, or'));
  t.is(row?.children.length, 5);
  t.true(textOf(row?.children[0] ?? parseMarkdown('')).startsWith('a | b works, or | not'));
});

/** The cells of a table of one row, as GitHub reads them. */
function cells(...content: string[]): string[] {
  const heading = content.map(() => 'h').join(' | ');
  const rule = content.map(() => '---').join(' | ');
  const table = parseMarkdown(`| ${heading} |\n| ${rule} |\n| ${content.join(' | ')} |\n`);
  const [, row] = nodesOf(table, 'tableRow');
  return row?.children.map(textOf) ?? [];
}

test('a code span gives back its text, in a table and in a paragraph', (t) => {
  for (const text of [...hostile, 'a|b', '|', '`', '``', '` `', ' a ', 'a\\', '\\|', '`|`', 'x'].flatMap((part) => [
    part,
    `${part}x`,
    `x${part}`,
  ])) {
    if (/[\n\r\u2028\u0085\p{Cc}\p{Bidi_Control}]/u.test(text)) continue;
    const span = codeSpan(text);
    t.deepEqual(cells(span, 'next'), [text, 'next'], span);
    if (!text.includes('|')) t.is(textOf(parseMarkdown(`Before ${span} after.`)), `Before ${text} after.`, span);
  }
  t.is(codeSpan(''), '');
  t.is(codeSpan('a\nb'), '`a ⏎ b`');
});

test('escaped text is text, in a table and in a paragraph', (t) => {
  for (const text of hostile) {
    if (/[\n\r\u2028\u0085\p{Cc}\p{Bidi_Control}]/u.test(text) || text.trim() === '') continue;
    const escaped = escapeInline(text);
    t.deepEqual(cells(escaped, 'next'), [text.trim(), 'next'], escaped);
    const tree = parseMarkdown(`Before ${escaped} after.`);
    t.is(textOf(tree), `Before ${text} after.`);
    for (const kind of ['html', 'link', 'image', 'emphasis', 'strong', 'delete', 'inlineCode'] as const) {
      t.is(nodesOf(tree, kind).length, 0, `${kind}: ${escaped}`);
    }
  }
});

test('a code block holds any text, fences included', (t) => {
  for (const text of [...hostile, hostile.join('\n')]) {
    const [node, ...others] = parseMarkdown(`${codeBlock(text)}\n\nafter\n`).children;
    t.is(node?.type, 'code');
    t.is(others.length, 1);
    if (!/[\p{Cc}\p{Bidi_Control}]/u.test(text.replaceAll('\n', ''))) t.is(node?.type === 'code' && node.value, text);
  }
});

test('control characters are shown as pictures, and what turns the direction of text by its name', (t) => {
  t.is(escapeInline('a\u001bb\u007f'), 'a␛b␡');
  t.is(codeSpan('\u202eevil'), '`<U+202E>evil`');
  t.is(codeSpan('\u061c'), '`<U+061C>`');
  t.is(codeBlock('a\rb\tc'), '```text\na␍b\tc\n```');
});

test('a link target ends where it should, and a study’s pipe stays in its cell', (t) => {
  for (const path of ['a b.txt', 'a(b).txt', 'a)b', 'ä.txt', '<a>.txt', 'a"b']) {
    const [link] = nodesOf(parseMarkdown(`[x](${linkTarget(path)})`), 'link');
    t.is(decodeURI(link?.url ?? ''), path);
  }
  t.deepEqual(cells(tableCell('`a|b` or a\\|b'), 'next'), ['a|b or a|b', 'next']);
});

test('the report of a real run has no HTML but its own', async (t) => {
  for (const language of languages) {
    const { markdown } = await render(oldRun, language);
    for (const { value } of nodesOf(parseMarkdown(markdown), 'html')) t.regex(value, ownHtml);
  }
});

test("control and hidden characters of a study's prose are shown in the report, and none is in it", async (t) => {
  const hidden = 'x\\e]0;TITLE\\a\\u200b\\u202e\\U000E0041';
  const folder = await smallRun(t, {
    study: edit(
      smallStudy,
      ['title: { en: A small study, zh: 小研究 }', `title: { en: "${hidden}", zh: "${hidden}" }`],
      ['caption: { en: The list, zh: 列表 }', `caption: { en: "${hidden}", zh: "${hidden}" }`],
      ['paper: { en: It lists a., zh: 列出 a。 }', `paper: { en: "${hidden}", zh: "${hidden}" }`],
      ['statement: { en: There is a, zh: 有 a }', `statement: { en: "${hidden}", zh: "${hidden}" }`],
    ),
  });
  for (const language of languages) {
    const { files } = await render(folder, language);
    for (const path of [layout.report(language), layout.page(language)]) {
      const text = (files.get(path) ?? '').replaceAll(/<script[^]*?<\/script>/g, '');
      t.notRegex(text, /[\u0000-\u0008\u000b-\u001f\u007f\u200b\u202e]|\u{e0041}/u, path);
      t.regex(text, /x␛\]0;TITLE␇(?:<|&lt;)U\+200B/, path);
    }
  }
});
