import test from 'ava';
import { openRun } from '../../src/evidence/open.ts';
import { englishLabels } from '../../src/figure/labels.ts';
import { languages, readCatalogue, translator } from '../../src/report/language.ts';
import { textMaskNames, topologyMaskNames } from '../../src/study/mask-names.ts';
import { copyOfOldRun, editRecord, oldRun } from '../support/evidence.ts';
import { chineseProse } from './chinese-prose.ts';
import { latinWords } from './latin-words.ts';
import { nodesOf, parseMarkdown, textOf } from './markdown-tree.ts';
import { render } from './rendering.ts';

test('both catalogues have the same messages, with the same parameters', (t) => {
  const [english, chinese] = languages.map(readCatalogue);
  t.deepEqual(Object.keys(chinese ?? {}), Object.keys(english ?? {}));
  for (const [key, message] of Object.entries(english ?? {})) {
    t.deepEqual(parametersOf(chinese?.[key] ?? ''), parametersOf(message), key);
  }
});

test('each mask has its words in both languages, and so has each reason that a network gives for not telling', (t) => {
  for (const language of languages) {
    const catalogue = readCatalogue(language);
    const unsaid = [...textMaskNames, ...topologyMaskNames].filter((mask) => catalogue[`mask-${mask}`] === undefined);
    t.deepEqual(unsaid, []);
    t.true('undecided-not-observed' in catalogue);
  }
});

function parametersOf(message: string): string[] {
  // The counts of a headline may be said in any number of places, or left to the table.
  return [...new Set([...message.matchAll(/{{(\w+)}}/g)].map(([, name]) => name ?? ''))].sort();
}

test('a message that is not there, or that lacks a parameter, is an error and not an empty place', (t) => {
  for (const language of languages) {
    const say = translator(language);
    t.throws(() => say('no-such-message'), { message: /no-such-message/ });
    t.throws(() => say('figure-title', { id: '1' }), { any: true, message: /caption/ });
    t.is(typeof say('figure-title', { id: '1', caption: '' }), 'string');
  }
});

test('the Chinese report has no English prose outside captures, code and names', async (t) => {
  const { markdown } = await render(oldRun, 'zh');
  const prose = chineseProse(markdown);
  t.true(prose.length > 1000);
  t.deepEqual(latinWords(prose), []);
  t.regex(markdown, /\[report\.md\]\(report\.md\)/, 'and leads to the English one');
});

test('the check for English prose finds a sentence where there is one', (t) => {
  t.deepEqual(latinWords('在 ns0 中 ping 10.1.1.2。This step did not run.'), ['This', 'step', 'did', 'not', 'run']);
});

test('a partial run, and one of a single experiment, have no English prose in Chinese either', async (t) => {
  const partial = await copyOfOldRun(t);
  await editRecord(partial, (record) => {
    record.state = 'partial';
    record.reason = 'Interrupted during experiment veth.';
  });
  const single = await copyOfOldRun(t);
  await editRecord(single, ({ study }) => {
    study.experiments = ['no-veth'];
  });
  for (const folder of [partial, single]) {
    const { markdown } = await render(folder, 'zh');
    t.deepEqual(latinWords(chineseProse(markdown)), []);
  }
});

test('pictures of the Chinese report are labelled in Chinese', async (t) => {
  const { files, markdown } = await render(oldRun, 'zh');
  const { loaded } = await openRun(oldRun);
  const topologies = loaded.study.figures.filter(({ kind }) => kind === 'topology');
  t.true(topologies.length > 0);
  const labels = Object.values(englishLabels).filter((label) => typeof label === 'string');
  for (const { id, caption } of topologies) {
    const svg = files.get(`figures/figure-${id}.zh.svg`) ?? '';
    t.true(svg.includes(caption.zh), id);
    const texts = [...svg.matchAll(/>([^<>]+)</g)].map(([, text = '']) => text.trim());
    for (const label of labels) t.false(texts.includes(label), `${id}: ${label}`);
  }
  const alternatives = nodesOf(parseMarkdown(markdown), 'code').filter(({ value }) => value.startsWith('主机'));
  t.is(alternatives.length, topologies.length);
  for (const { value } of alternatives) t.notRegex(value, /\b(?:host|up|down|routes|no carrier|veth pair)\b/);
});

test('an English report has Chinese only where it quotes the paper and where it leads to the Chinese one', async (t) => {
  const { markdown } = await render(oldRun, 'en');
  const { loaded } = await openRun(oldRun);
  const sentences = loaded.study.claims.flatMap(({ sentence }) => sentence ?? []);
  const rest = sentences.reduce((text, sentence) => text.replaceAll(sentence, ''), textOf(parseMarkdown(markdown)));
  t.deepEqual(rest.match(/\p{Script=Han}+/gu), ['中文版']);
});
