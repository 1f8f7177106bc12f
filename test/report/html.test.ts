import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { layout } from '../../src/evidence/layout.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { languages, translator, type Language } from '../../src/report/language.ts';
import { makeModel, type ReportModel } from '../../src/report/model/model.ts';
import { isQuiet, launchBrowser, visit, type Visit } from '../support/browser.ts';
import {
  copyOfOldRun,
  editOutput,
  editRecord,
  editStudy,
  oldRun,
  oldRunWithReport,
  replaceOutput,
  reseal,
  type Place,
} from '../support/evidence.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { latinWords } from './latin-words.ts';
import { render } from './rendering.ts';

/** One after another: each is in a window of its own, and a browser is heavy. */
const testInBrowser = testWith.serial('chromium');
const isolated: Place = { experiment: 'no-veth', step: 'isolated', command: 'ip netns exec ns0 ping -c 4 10.1.1.2' };

let browser: Browser;
testWith.before('chromium')(async () => {
  browser = await launchBrowser();
});
test.after.always(async () => {
  await (browser as Browser | undefined)?.close();
});

/** The page of a run, written to where nothing else is: it must need no other file. */
async function pageOf(t: ExecutionContext, folder: string, language: Language = 'en'): Promise<string> {
  const { files } = await render(folder, language);
  return save(t, files.get(layout.page(language)) ?? '');
}

async function save(t: ExecutionContext, html: string): Promise<string> {
  const file = join(await temporaryFolder(t), 'report.html');
  await writeFile(file, html);
  return file;
}

/** The page of the old run with something of its model changed. */
async function pageWith(
  t: ExecutionContext,
  change: (model: ReportModel) => ReportModel,
  language: Language = 'en',
): Promise<string> {
  const say = translator(language);
  return save(t, htmlReport(change(await makeModel(findingsOf(await openRun(oldRun)), language, say)), say));
}

/** The same with another recording of each experiment, or with none. */
function withRecording(t: ExecutionContext, content: string | null): Promise<string> {
  return pageWith(t, (model) => ({
    ...model,
    experiments: model.experiments.map(({ recording, ...experiment }) => ({
      ...experiment,
      recording: recording === null || content === null ? null : { ...recording, content },
    })),
  }));
}

async function open(
  t: ExecutionContext,
  file: string,
  options?: BrowserContextOptions,
  fragment?: string,
): Promise<Visit> {
  return visit(t, browser, file, options, fragment);
}

/** Rules of WCAG 2.2 A and AA, and of good practice, that the page breaks, each with the place. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<axe.AxeResults>('axe.run()');
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`),
  );
}

for (const language of languages) {
  for (const colorScheme of ['light', 'dark'] as const) {
    testInBrowser(
      `the page is accessible, contrast and all, with everything unfolded (${language}, ${colorScheme})`,
      async (t) => {
        const opened = await open(t, await pageOf(t, oldRun, language), { colorScheme });
        const { page } = opened;
        await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
        await page.locator('.player .ap-term-text').first().waitFor();
        t.deepEqual(await violations(page), []);
        const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        t.is(ground, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)');
        isQuiet(t, opened);
      },
    );
  }
}

testInBrowser('the check for accessibility finds what is wrong', async (t) => {
  const { page } = await open(t, await pageOf(t, oldRun));
  await page.evaluate(
    "document.querySelector('img').removeAttribute('alt'); document.querySelector('h2').style.color = '#ccc'",
  );
  const found = (await violations(page)).map((violation) => violation.split(':')[0]);
  t.true(found.includes('color-contrast'));
  t.true(found.includes('image-alt'));
});

for (const language of languages) {
  testInBrowser(
    `on a phone nothing is wider than the screen; what is wide scrolls in its own box (${language})`,
    async (t) => {
      const opened = await open(t, await pageOf(t, oldRun, language), { viewport: { width: 360, height: 740 } });
      const { page } = opened;
      await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      await page.locator('.player .ap-term-text').first().waitFor();
      t.is(await page.evaluate<number>('document.documentElement.scrollWidth'), 360);
      const sticking = await page.evaluate<string[]>(`
      [...document.querySelectorAll('body *')]
        .filter((element) => !element.closest('.terminal, .scroll, .zoom, .screen, dialog, .skip'))
        .filter((element) => element.getBoundingClientRect().right > 361)
        .map((element) => element.outerHTML.slice(0, 100))`);
      t.deepEqual(sticking, []);
      t.true(await page.evaluate<boolean>("document.querySelector('.zoom img').getBoundingClientRect().width > 600"));
      isQuiet(t, opened);
    },
  );
}

testInBrowser('without scripts everything can be read: figures, what commands printed, and the verdicts', async (t) => {
  const opened = await open(t, await pageOf(t, oldRun), {
    javaScriptEnabled: false,
    viewport: { width: 800, height: 800 },
  });
  const { page } = opened;
  const { study } = (await openRun(oldRun)).loaded;
  t.is(await page.locator('.figure img').count(), study.figures.length);
  t.is(await page.locator('.claims tbody tr').count(), study.claims.length);
  t.false(await page.locator('.player').first().isVisible());

  const details = page.locator('#figure-6').locator('xpath=..').locator('details.transcript').first();
  await details.locator('summary').click();
  t.regex(await details.locator('pre').innerText(), /ip netns exec ns0 ping -c 4 10\.1\.1\.2\nPING 10\.1\.1\.2/);

  const picture = page.locator('#figure-2 img');
  const before = (await picture.boundingBox())?.width ?? 0;
  await page.locator('#figure-2 a.zoom').click();
  t.is((await picture.boundingBox())?.width, 898);
  t.true(before > 300 && before < 898);
  isQuiet(t, opened);
});

for (const javaScriptEnabled of [true, false]) {
  testInBrowser(
    `the link of a claim leads to the line that decides it, which is marked (scripts: ${String(javaScriptEnabled)})`,
    async (t) => {
      const { page } = await open(t, await pageOf(t, oldRun), { javaScriptEnabled, reducedMotion: 'reduce' });
      await page.locator('#claim-isolated .deciders a').first().click();
      t.true(page.url().endsWith('#capture-isolated-L8'));
      const line = page.locator('mark:target');
      t.regex(await line.innerText(), /^4 packets transmitted, 0 received, \+4 errors, 100% packet loss, time \d+ms$/);
      t.true(await line.isVisible());
      const place = await line.boundingBox();
      t.true(place !== null && place.y >= 0 && place.y < 800, 'it is on the screen');
    },
  );
}

test('every link within the page leads to a place of it, and every other one to a file of the run', async (t) => {
  const folder = await oldRunWithReport();
  for (const language of languages) {
    const html = await readFile(join(folder, layout.page(language)), 'utf8');
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    t.is(new Set(ids).size, ids.length, 'no place is named twice');
    const targets = [...html.matchAll(/ href="([^"]*)"/g)].map(([, target = '']) => target);
    t.true(targets.length > 80);
    for (const target of targets) {
      if (target.startsWith('#')) t.true(ids.includes(target.slice(1)), target);
      else await t.notThrowsAsync(readFile(join(folder, decodeURI(target))), target);
    }
  }
});

testInBrowser('a figure is enlarged by the keyboard alone, and where one was is where one comes back to', async (t) => {
  const opened = await open(t, await pageOf(t, oldRun));
  const { page } = opened;
  const viewer = page.locator('#viewer');
  const percent = viewer.locator('output');
  t.false(await viewer.isVisible());
  await tabTo(page, '#figure-2-full');
  await page.keyboard.press('Enter');
  t.true(await viewer.isVisible());
  t.is((await viewer.locator('img').boundingBox())?.width, 898);
  await page.keyboard.press('+');
  t.is(await percent.innerText(), '125%');
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  t.is(await percent.innerText(), '80%');
  await tabTo(page, '[data-zoom="fit"]');
  await page.keyboard.press('Enter');
  const [picture, room] = [await viewer.locator('img').boundingBox(), await viewer.locator('.canvas').boundingBox()];
  t.true((picture?.width ?? 0) > 898 && (picture?.width ?? 0) <= (room?.width ?? 0), 'as large as there is room');
  await page.keyboard.press('Escape');
  t.false(await viewer.isVisible());
  t.is(await page.evaluate('document.activeElement.id'), 'figure-2-full');
  isQuiet(t, opened);
});

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const there = `document.activeElement?.matches('${selector}') === true`;
  for (let presses = 0; presses < 300; presses += 1) {
    if (await page.evaluate<boolean>(there)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not reached by the keyboard`);
}

for (const language of languages) {
  testInBrowser(`an experiment's recording is replayed, by the keyboard alone (${language})`, async (t) => {
    const opened = await open(t, await pageOf(t, oldRun, language));
    const { page } = opened;
    const player = page.locator('.player').nth(1);
    const [play, pause] = language === 'en' ? ['Play', 'Pause'] : ['播放', '暂停'];
    t.is(await page.locator('.player').count(), 2);
    await tabTo(page, '[data-recording="recording-veth"] button');
    t.is(await player.locator('button').innerText(), play);
    await page.keyboard.press('Enter');
    await player.locator('button', { hasText: pause }).waitFor();
    await player.locator('.ap-term-text', { hasText: 'ip link add veth0' }).waitFor();
    await page.keyboard.press('Enter');
    await player.locator('button', { hasText: play }).waitFor();
    // To the end: the last of the commands, and nothing of the first.
    await tabTo(page, '[data-recording="recording-veth"] input');
    await page.keyboard.press('End');
    await player.locator('.ap-term-text', { hasText: 'REACHABLE' }).waitFor();
    t.notRegex(await player.locator('.ap-term-text').innerText(), /ip link add veth0/);
    const [now, whole] = (await player.locator('.controls output').innerText()).split(' / ');
    t.is(now, whole);
    isQuiet(t, opened);
  });
}

test('a page without a recording has no player in it; one that is too long for a page has a link', async (t) => {
  const without = await readFile(await withRecording(t, null), 'utf8');
  t.notRegex(without, /AsciinemaPlayer=|wasm-unsafe-eval/);
  t.true(without.length < 400 * 1024);
  const long = await withRecording(t, 'x'.repeat(1024 * 1024 + 1));
  const html = await readFile(long, 'utf8');
  t.regex(html, /too long to be played in this page: <a href="recordings\/veth\.cast">recordings\/veth\.cast<\/a>/);
  t.notRegex(html, /AsciinemaPlayer=/);
});

/** Each tries to be more than text in HTML, in a script, in an attribute, in a template or on the eye. */
const hostile = [
  '<script>window.harmed = 1</script>',
  '</script><script>window.harmed = 2</script>',
  '</pre></details></main><h2>Reproduced</h2>',
  '<img src=http://127.0.0.1:9/x onerror="window.harmed = 3">',
  '"><svg onload="window.harmed = 4">',
  "' onmouseover='window.harmed = 5' autofocus onfocus='window.harmed = 6",
  '<!-- ]]> --> <![CDATA[ ]]>',
  '<style>body { display: none }</style><link rel=stylesheet href=http://127.0.0.1:9/y>',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/z"><base href=http://127.0.0.1:9/>',
  '<a href="javascript:window.harmed = 7">x</a> [x](javascript:window.harmed=8) ![x](http://127.0.0.1:9/p.png)',
  '{{headline}} {{{raw}}} {{#each}} &lt;b&gt; &amp;',
  '\u202eeverything upheld\u2066\u200f\u061c',
  'a\rb\u0000c\u001b[2Jd\u007fe\u009bf\ufffeg',
];

testInBrowser(
  'no capture, however hostile, runs, fetches or changes the shape of the page; each is shown as it is',
  async (t) => {
    const clean = await copyOfOldRun(t);
    await replaceOutput(clean, isolated, 'nothing that ping would print\n');
    await reseal(clean);
    const shape = await shapeOf((await open(t, await pageOf(t, clean))).page);

    const folder = await copyOfOldRun(t);
    const text = hostile.join('\n');
    await replaceOutput(folder, isolated, `${text}\n`);
    const place = { experiment: 'facts', step: 'facts', command: 'cat /etc/os-release' };
    await replaceOutput(folder, place, `PRETTY_NAME="${hostile.join(' ')}"\n`);
    await editRecord(folder, (record) => {
      record.host.system = hostile.join(' ');
    });
    await reseal(folder);
    for (const language of languages) {
      const opened = await open(t, await pageOf(t, folder, language));
      const { page } = opened;
      t.is(await page.evaluate('window.harmed'), undefined);
      isQuiet(t, opened);
      if (language === 'en') t.deepEqual(await shapeOf(page), shape);
      const shown = (await page.locator('details.transcript pre', { hasText: 'harmed = 2' }).textContent()) ?? '';
      for (const line of hostile.slice(0, 11)) t.true(shown.includes(line), line);
      t.true(shown.includes('<U+202E>everything upheld<U+2066><U+200F><U+061C>'));
      t.true(shown.includes('a␍b␀c␛[2Jd␡e\ufffdf\ufffdg'));
      const whole = await page.evaluate<string>('document.documentElement.textContent');
      t.notRegex(whole, /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    }
  },
);

/** The elements of a page, without those within the text of figures and of what commands printed. */
function shapeOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    [...document.querySelectorAll('*')].filter((element) => !element.closest('pre')).map((element) => element.tagName)`);
}

testInBrowser('a recording may hold anything: it is played as text', async (t) => {
  const recording = [
    { version: 2, width: 110, height: 24 },
    ...hostile.slice(0, 10).map((text) => [0, 'o', `${text}\r\n`]),
  ];
  const file = await withRecording(t, recording.map((line) => JSON.stringify(line)).join('\n'));
  const opened = await open(t, file);
  const { page } = opened;
  await page.locator('.ap-term-text', { hasText: '</script><script>window.harmed = 2</script>' }).first().waitFor();
  t.is(await page.evaluate('window.harmed'), undefined);
  isQuiet(t, opened);
});

testInBrowser('prose of a study is Markdown, and neither HTML, nor a picture, nor a script', async (t) => {
  const folder = await copyOfOldRun(t);
  const prose =
    '**bold** `a|b` <img src=x onerror=window.harmed=1> ![p](http://127.0.0.1:9/p.png) [s](javascript:window.harmed=2) [w](https://example.com/)';
  await editStudy(folder, 'en: The local network of ns0 works', `en: "${prose}"`);
  const opened = await open(t, await pageOf(t, folder));
  const statement = opened.page.locator('#claim-ns0-local .statement');
  t.is(await statement.locator('strong').innerText(), 'bold');
  t.is(await statement.locator('code').innerText(), 'a|b');
  t.is(await statement.locator('img').count(), 0);
  t.regex(await statement.innerText(), /<img src=x onerror=window\.harmed=1>/);
  const targets = await Promise.all((await statement.locator('a').all()).map((link) => link.getAttribute('href')));
  t.deepEqual(targets, ['http://127.0.0.1:9/p.png', '', 'https://example.com/']);
  isQuiet(t, opened);
});

testInBrowser('what gets into the page by no means of ours cannot run or fetch there', async (t) => {
  const html = await readFile(await pageOf(t, oldRun), 'utf8');
  const intruders = `<script>window.harmed = 1</script><img src="http://127.0.0.1:9/x" onerror="window.harmed = 2"><style>body{display:none}</style><iframe src="http://127.0.0.1:9/"></iframe>`;
  const { page, complaints } = await open(t, await save(t, html.replace('<main', `${intruders}<main`)));
  t.is(await page.evaluate('window.harmed'), undefined);
  t.true(await page.locator('h1').isVisible());
  t.true(
    complaints.length >= 4 && complaints.every((complaint) => /Content Security Policy/.test(complaint)),
    complaints.join('\n'),
  );
});

testInBrowser(
  '10 MB from one command are shown in part, with a link to the whole and the line that decides',
  async (t) => {
    const folder = await copyOfOldRun(t);
    const line = 'From 10.1.1.1 icmp_seq=1 Destination Host Unreachable\n';
    const lines = Math.ceil((10 * 1024 * 1024) / line.length);
    const summary = '4 packets transmitted, 0 received, +4 errors, 100% packet loss, time 3090ms';
    const output = `PING 10.1.1.2 (10.1.1.2) 56(84) bytes of data.\n${line.repeat(lines)}\n--- 10.1.1.2 ping statistics ---\n${summary}\n`;
    await replaceOutput(folder, isolated, output);
    // One line of 10 MB, in another place.
    const neighbours = { experiment: 'veth', step: 'reachable', command: 'ip netns exec ns0 ip neigh' };
    await replaceOutput(folder, neighbours, `${'x'.repeat(10 * 1024 * 1024)}\n`);
    const file = await pageOf(t, folder);
    t.true((await readFile(file)).length < 2 * 1024 * 1024);
    const opened = await open(t, file);
    const { page } = opened;
    const gap = page.locator('.gap', { hasText: 'captures/isolated.txt' });
    t.is(await gap.locator('a').getAttribute('href'), 'captures/isolated.txt');
    t.regex((await gap.textContent()) ?? '', new RegExp(`${output.length - 64 * 1024} bytes more, in`));
    await page.locator('#claim-isolated .deciders a').first().click();
    t.is(new URL(page.url()).hash, `#capture-isolated-L${lines + 4}`);
    t.is(await page.locator('mark:target').innerText(), summary);
    t.is(await page.locator('.gap', { hasText: 'captures/ns0_neighbours.txt' }).count(), 1);
    isQuiet(t, opened);
  },
);

testInBrowser('on paper it is light, unfolded and whole, and no figure is cut by the end of a page', async (t) => {
  const opened = await open(t, await pageOf(t, oldRun), { colorScheme: 'dark' });
  const { page } = opened;
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  t.regex(pdf, /^%PDF-/);
  t.true((pdf.match(/\/Type \/Page\b/g)?.length ?? 0) >= 8);

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  t.is(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
  for (const selector of ['.contents', '.player', '.skip', '.alternative'])
    t.false(await page.locator(selector).first().isVisible(), selector);
  const folded = await page.evaluate<number>(`
    [...document.querySelectorAll('details.transcript > pre')].filter((pre) => !pre.checkVisibility()).length`);
  t.is(folded, 0);
  const divisible = await page.evaluate<number>(`
    [...document.querySelectorAll('.pair')].filter((pair) => getComputedStyle(pair).breakInside !== 'avoid').length`);
  t.is(divisible, 0);
  isQuiet(t, opened);
});

testInBrowser('the Chinese page has no English prose, not in labels either', async (t) => {
  const { page } = await open(t, await pageOf(t, oldRun, 'zh'));
  await page.locator('.player .ap-term-text').first().waitFor();
  t.is(await page.evaluate('document.documentElement.lang'), 'zh-CN');
  const words = await page.evaluate<string>(`(() => {
    const labels = ['alt', 'aria-label', 'title', 'data-label', 'data-play', 'data-pause', 'placeholder']
      .flatMap((name) => [...document.querySelectorAll('[' + name + ']')].map((element) => element.getAttribute(name)));
    const quoted = 'code, kbd, pre, script, style, blockquote, .screen, .language, .brand, .files, .environment td:last-child, .deciders a, a[href$=".json"]';
    for (const element of document.querySelectorAll(quoted)) element.remove();
    return [document.title, document.body.textContent, ...labels].join('\\n');
  })()`);
  t.true(words.length > 2000);
  t.deepEqual(latinWords(words), []);
});

testInBrowser('a figure says how it compares with what is expected, and the lines that differ', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(
    folder,
    { experiment: 'no-veth', step: 'local', command: 'ip netns exec ns0 ping -c 4 10.1.1.1' },
    (output) => output.replace('icmp_seq=2 ttl=64', 'icmp_seq=2 ttl=<b>63</b>'),
  );
  const file = await save(t, (await render(folder)).files.get(layout.page('en')) ?? '');
  const opened = await open(t, file);
  const { page } = opened;
  t.is((await page.locator('#figure-4 .rerun .badge').innerText()).trim(), 'different');
  t.is((await page.locator('#figure-5 .rerun .badge').innerText()).trim(), 'equivalent');
  t.deepEqual(await page.locator('#figure-4 .difference del').allInnerTexts(), [
    '- 64 bytes from 10.1.1.1: icmp_seq=2 ttl=64 time=<rtt> ms',
  ]);
  const [observed, ...others] = await page.locator('#figure-4 .difference ins').allInnerTexts();
  t.regex(observed ?? '', /^\+ 64 bytes from 10\.1\.1\.1: icmp_seq=2 ttl=<b>63<\/b> time=[\d.]+ ms$/);
  t.deepEqual(others, []);
  t.regex(await page.locator('#figure-5 .rerun').innerText(), /round-trip times \(\d+\)/);
  t.regex(await page.locator('#figure-5 .expected pre').innerText(), /time=<rtt> ms/);
  t.deepEqual(await violations(page), []);
  isQuiet(t, opened);
});
