import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { languages } from '../../src/report/language.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { studyDigest } from '../../src/study/digest.ts';
import { copyOfOldRun, editRecord, oldRun } from '../support/evidence.ts';
import { smallRun, virtualGuest } from '../support/saved-run.ts';
import { chineseProse } from './chinese-prose.ts';
import { latinWords } from './latin-words.ts';
import { cellsOf, nodesOf, parseMarkdown, sectionOf, textOf } from './markdown-tree.ts';
import { render } from './rendering.ts';

type Clock = ReturnType<typeof virtualGuest>['clock'];

/** The run of the first format, as if its guest had counted instructions: it has plots and times. */
async function virtualOldRun(t: ExecutionContext, more: Partial<Clock> = {}): Promise<string> {
  const folder = await copyOfOldRun(t);
  const { clock, transport } = virtualGuest(7);
  await editRecord(folder, (record) => {
    if (record.guest !== null) record.guest = { ...record.guest, clock: { ...clock, ...more } as Clock, transport };
  });
  return folder;
}

/** What stands above the first section. */
function top(markdown: string): string {
  return markdown.slice(0, markdown.indexOf('\n## '));
}

async function pageOf(folder: string, language: 'en' | 'zh'): Promise<string> {
  return (await render(folder, language)).files.get(layout.page(language)) ?? '';
}

test('a report of virtual time says first what the clock is, what follows from it and what does not', async (t) => {
  const folder = await virtualOldRun(t);
  const { digest, loaded } = await openRun(folder);
  const { markdown } = await render(folder);
  const words = top(markdown).replaceAll('\n', ' ');
  t.regex(words, /counts instructions: 100,000,000 of them are a second.*`2026-01-01T00:00:00\.000Z`.*the seed `7`/);
  t.regex(words, /follows in what order things happen.*does not follow is how fast the computer of the paper's author/);
  t.true(words.includes('`refigure reproduce`'));
  t.true(words.includes(`\`${digest ?? 'none'}\``) && words.includes(`\`${studyDigest(loaded.files)}\``));
  t.notRegex(words, /followed real time/);
});

test('the page and the report in Chinese say the same', async (t) => {
  const folder = await virtualOldRun(t);
  const { digest } = await openRun(folder);
  const chinese = (await render(folder, 'zh')).markdown;
  t.regex(top(chinese), /每执行 100,000,000 条指令为一秒.*`7`/s);
  t.deepEqual(latinWords(chineseProse(chinese)), []);
  for (const language of languages) {
    const page = await pageOf(folder, language);
    const masthead = page.slice(0, page.indexOf('</header>'));
    t.true(masthead.includes(`<code>${digest ?? 'none'}</code>`), language);
    t.true(masthead.includes('100,000,000'), language);
  }
});

test('a report of real time says that nobody can have the same bytes', async (t) => {
  for (const folder of [oldRun, await smallRun(t)]) {
    t.regex(top((await render(folder)).markdown), /followed real time.*can't be reproduced to the byte/s);
    t.regex(top((await render(folder, 'zh')).markdown), /无法逐字节重现/);
    t.notRegex((await render(folder)).markdown, /counts instructions|refigure reproduce|digest/);
  }
});

test('a partial run in virtual time has a clock and no digest; one without a guest has neither', async (t) => {
  const folder = await virtualOldRun(t);
  await editRecord(folder, (record) => {
    record.state = 'partial';
    record.reason = 'Interrupted.';
  });
  const partial = top((await render(folder)).markdown);
  t.regex(partial, /counts instructions/);
  t.notRegex(partial, /digest/);
  await editRecord(folder, (record) => {
    record.guest = null;
  });
  t.notRegex(top((await render(folder)).markdown), /counts instructions|real time/);
});

test('the environment has the clock, the seed and how the scripts came in', async (t) => {
  const rowsOf = async (folder: string): Promise<Map<string, string>> => {
    const [table] = nodesOf(sectionOf(parseMarkdown((await render(folder)).markdown), 'Environment'), 'table');
    const cells = table === undefined ? [] : cellsOf(table);
    return new Map(cells.map(([what = '', , run = '']) => [what, run]));
  };
  const counted = await rowsOf(await virtualOldRun(t));
  t.regex(counted.get('Clock of the guest') ?? '', /^counts instructions, 100,000,000 a second/);
  t.is(counted.get('Seed of all chance in the guest'), '7');
  t.regex(counted.get('How the scripts came in') ?? '', /before the first command.*only goes out \(virtio console\)$/);
  t.false(counted.has('SSH host key'));
  const real = await rowsOf(oldRun);
  t.regex(real.get('Clock of the guest') ?? '', /^real time/);
  t.false(real.has('Seed of all chance in the guest') || real.has('How the scripts came in'));
  t.true(real.has('SSH host key'));
});

test('each column of the times says by which clock it is', async (t) => {
  const { markdown } = await render(await virtualOldRun(t));
  const section = sectionOf(parseMarkdown(markdown), 'Times');
  const [table] = nodesOf(section, 'table');
  const rows = table === undefined ? [] : cellsOf(table);
  t.deepEqual(rows[0], ['Part', "Seconds by the host's clock", "Seconds by the guest's clock"]);
  const guestOf = (part: RegExp): string => rows.find(([name = '']) => part.test(name))?.[2] ?? 'none';
  t.is(guestOf(/^boot/), '');
  const own = [guestOf(/no-veth/), guestOf(/experiment veth/)].map(Number);
  t.true(own.every((seconds) => seconds > 1));
  const told = own.reduce((sum, seconds) => sum + seconds, 0);
  t.true(Math.abs(told - Number(guestOf(/^all of these/))) < 0.02);
  t.false(rows.some(([name = '']) => /^of which/.test(name)));
  t.regex(textOf(section), /counts instructions/);
});

test('plots of times say that the clock counts instructions, and say nothing of a real one', async (t) => {
  const words = /which counts instructions/;
  const chinese = /该时钟按指令计数/;
  const timed = new Set(['rtt', 'time']);
  for (const [folder, isTold] of [
    [await virtualOldRun(t), true],
    [oldRun, false],
  ] as const) {
    const { study } = (await openRun(folder)).loaded;
    const [english, other] = [await render(folder), await render(folder, 'zh')];
    t.true(study.figures.some(({ kind }) => timed.has(kind)));
    for (const { id, kind } of study.figures) {
      const svg = english.files.get(`figures/figure-${id}.svg`) ?? '';
      t.is(words.test(svg.replaceAll('\n', ' ')), isTold && timed.has(kind), id);
      t.is(chinese.test(other.files.get(`figures/figure-${id}.zh.svg`) ?? ''), isTold && timed.has(kind), id);
    }
  }
});

test('what a record says of its clock is text, whatever it is', async (t) => {
  const folder = await virtualOldRun(t, { startsAt: '<b>`*|\u001b[2J', instructionsPerSecond: 1e21 });
  const { markdown } = await render(folder);
  t.deepEqual(
    nodesOf(parseMarkdown(markdown), 'html').filter(({ value }) => value.startsWith('<b>')),
    [],
  );
  t.false((await pageOf(folder, 'en')).includes('<b>`'));
});

test('verdicts.json has the clock and the digest', async (t) => {
  const read = async (folder: string): Promise<object> => {
    await writeReport(folder, ['en', 'zh']);
    return JSON.parse(await readFile(join(folder, layout.verdicts), 'utf8')) as object;
  };
  const folder = await smallRun(t, { record: { guest: virtualGuest() } });
  t.like(await read(folder), { format: 1, clock: 'virtual', digest: (await openRun(folder)).digest });
  t.like(await read(await smallRun(t)), { format: 1, clock: 'real', digest: null });
});
