import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { chineseLabels, englishLabels, type FigureLabels } from '../../src/figure/labels.ts';
import { renderLossPlot } from '../../src/figure/plot/loss.ts';
import { renderRttPlot } from '../../src/figure/plot/rtt/plot.ts';
import { renderTimePlot } from '../../src/figure/plot/time.ts';
import { emWidth } from '../../src/figure/svg/text-width.ts';
import { renderTerminal } from '../../src/figure/terminal/render.ts';
import { renderTopology } from '../../src/figure/topology/render.ts';
import { launchBrowser } from '../support/browser.ts';
import { testWith } from '../support/tools.ts';
import { lossPlots, rttPlots, timePlots } from './plots.ts';
import { all } from './topologies.ts';

/** A browser measures here, with the fonts of this machine; a drawing's own ruler would agree with any table. */
const testInBrowser = testWith.serial('chromium', 'Chinese font');

let browser: Browser;
testWith.before(
  'chromium',
  'Chinese font',
)(async () => {
  browser = await launchBrowser();
});
test.after.always(async () => {
  await (browser as Browser | undefined)?.close();
});

interface Measured {
  readonly text: string;
  /** The width that the drawing took it to have, in px. */
  readonly room: number;
  /** That which it has where nothing stretches it. */
  readonly width: number;
}

/** All texts of a drawing that have a room of their own. */
async function measure(page: Page, svg: string): Promise<Measured[]> {
  const unstretched = svg.replaceAll(' textLength="', ' data-room="');
  await page.setContent(`<!doctype html><body>${unstretched}</body>`);
  return page.evaluate<Measured[]>(
    `[...document.querySelectorAll('[data-room]')].map((element) => ({
       text: element.textContent,
       room: Number(element.dataset.room),
       width: element.getComputedTextLength(),
     }))`,
  );
}

/** Fonts of the drawing's list are 0.602 em wide (DejaVu Sans Mono, Menlo) down to 0.55 em (Consolas). */
function isAsAssumed({ room, width }: Measured): boolean {
  return width <= room * 1.01 && width >= room * 0.91;
}

async function assertAsAssumed(t: ExecutionContext, drawings: readonly string[]): Promise<void> {
  const page = await browser.newPage();
  t.teardown(() => page.close());
  const measured: Measured[] = [];
  for (const svg of drawings) measured.push(...(await measure(page, svg)));
  t.true(measured.length > 20);
  t.deepEqual(
    measured.filter((each) => !isAsAssumed(each)),
    [],
  );
}

const languages: Readonly<Record<string, FigureLabels>> = { English: englishLabels, Chinese: chineseLabels };

for (const [language, labels] of Object.entries(languages)) {
  const title = labels.nothingObserved;

  testInBrowser(`a text of a topology in ${language} is as wide as the room that it was given`, async (t) => {
    const { longWinded, ...drawable } = all; // of which some is in no font
    t.truthy(longWinded);
    const drawings = Object.values(drawable).map((topology) => renderTopology(topology, { title, labels }).svg);
    await assertAsAssumed(t, drawings);
  });

  testInBrowser(`a text of a plot in ${language} is as wide as the room that it was given`, async (t) => {
    const drawings = [
      ...Object.values(rttPlots).map((series) => renderRttPlot({ title, labels, series })),
      ...Object.values(lossPlots).map((steps) => renderLossPlot({ title, labels, steps })),
      ...Object.values(timePlots).map((rows) => renderTimePlot({ title, labels, rows })),
    ];
    await assertAsAssumed(
      t,
      drawings.map(({ svg }) => svg),
    );
  });
}

testInBrowser('a row of a terminal is as wide as its columns', async (t) => {
  const output = Buffer.from(
    Array.from({ length: 30 }, (_, index) => `${'0123456789'.repeat(index % 7)}abc`).join('\n'),
  );
  const { svg } = await renderTerminal({ title: 'rows', transcript: [{ prompt: '#', command: 'cat', output }] });
  await assertAsAssumed(t, [svg]);
});

/** Of scripts that any Chinese font has, and of those that the monospaced ones have. */
const samples = {
  wide: [
    '、。〃',
    '〈〉《》「」',
    'あいうん',
    'アイウン',
    'ㄅㄆㄇ',
    'ㄱㄴㄷ',
    '㈠㈡',
    '一二三龥',
    '가각힣',
    '豈更車',
    '！＂＃～',
    '￠￡￥',
  ],
  narrow: ['abcxyzABC', '0123456789', '.,:;/()[]{}<>', 'éüñß', 'αβγΩ', 'абвЯ', '→←⋯·—', '│─┌┐'],
};

for (const [name, texts] of Object.entries(samples)) {
  testInBrowser(`a ${name} character is as wide as the table says`, async (t) => {
    const page = await browser.newPage();
    t.teardown(() => page.close());
    const { svg } = renderTopology(all.joined, { title: 'A', labels: englishLabels });
    const size = 100;
    // With the drawing's own fonts, whatever they are.
    const style = /<style>.*?<\/style>/s.exec(svg)?.[0] ?? '';
    const line = (text: string): string =>
      `<text style="font-size: ${size}px" data-room="${emWidth(text) * size}">${text.replaceAll('<', '&lt;')}</text>`;
    const measured = await measure(page, `<svg>${style}${texts.map(line).join('')}</svg>`);
    t.is(measured.length, texts.length);
    t.deepEqual(
      measured.filter((each) => !isAsAssumed(each)),
      [],
    );
  });
}

/** By Unicode's own data, as the regular expressions of this Node have it. Half-width forms are narrow by their name. */
const scripts =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|(?=\p{Letter})\p{Script=Bopomofo}|\p{Script=Yi}|[\u1100-\u115f\ua960-\ua97c\uac00-\ud7a3]/u;
const halfWidth = /[\uff61-\uffdc]/;
/** Clocks, angle brackets, the punctuation of CJK, its forms for columns, small forms, full-width forms and signs. */
const signs =
  /[\u231a\u231b\u2329\u232a\u3000-\u303e\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b\uff01-\uff60\uffe0-\uffe6]/;
const picture = /(?=[\u{1f000}-\u{1faff}])\p{Emoji_Presentation}/u;
const slender = /\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Hebrew}|\p{Script=Arabic}/u;

test('what is written in a square is wide, and no letter of an alphabet of Europe or Arabia is', (t) => {
  const characters = Array.from({ length: 0x40000 }, (_, at) => String.fromCodePoint(at)).filter(
    (character) => !/\p{Unassigned}|\p{Surrogate}/u.test(character) && !isRare(character),
  );
  const wide = characters.filter(
    (each) => signs.test(each) || picture.test(each) || (scripts.test(each) && !halfWidth.test(each)),
  );
  const narrow = characters.filter((each) => slender.test(each) && !signs.test(each));
  t.true(wide.length > 90_000 && narrow.length > 1000);
  t.deepEqual(
    wide.filter((each) => emWidth(each) !== 1),
    [],
  );
  t.deepEqual(
    narrow.filter((each) => emWidth(each) !== 0.6),
    [],
  );
});

/** Historic signs and kana of the second plane, which the table leaves out. */
function isRare(character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint >= 0x10000 && codePoint < 0x1f000;
}
