import test from 'ava';
import { sourceKinds, type SourceKind } from '../../src/core/source-kinds.ts';
import { layout } from '../../src/evidence/layout.ts';
import { languages, translator } from '../../src/report/language.ts';
import { smallRecord, smallRun, virtualGuest } from '../support/saved-run.ts';
import { render } from './rendering.ts';

/** A study of each kind of source, on a stand-in, with a figure and what was reconstructed. */
function studyOf(kind: SourceKind): string {
  return `format: 2
id: small
title: { en: A small study, zh: 小研究 }
languages: [en, zh]
source: { kind: ${kind} }
environment: { release: Any Linux 1, releaseFile: /etc/any-release, releasePattern: '1' }
experiments:
  - id: first
    title: { en: The first, zh: 第一 }
    steps:
      - id: make
        title: { en: Make, zh: 创建 }
        origin: reconstructed
        commands: [{ run: ip netns list, capture: names, parse: namespaces }]
  - { id: second, title: { en: The second, zh: 第二 }, commands: [ip netns] }
figures:
  - { id: '1', origin: text, caption: { en: The list, zh: 列表 }, paper: { en: It lists a., zh: 列出。 }, terminal: [names] }
claims:
  - { id: made, statement: { en: There is a, zh: 有 a }, expect: names.lines == 1 }
`;
}

for (const kind of sourceKinds) {
  test(`the report of a study whose source is of kind ${kind} calls it that, and nothing else`, async (t) => {
    const folder = await smallRun(t, {
      study: studyOf(kind),
      printed: { names: 'a\n' },
      facts: { release: 'Other Linux\n' },
      record: { ...smallRecord, guest: virtualGuest() },
    });
    for (const language of languages) {
      const { markdown, files } = await render(folder, language);
      const page = files.get(layout.page(language)) ?? '';
      const own = translator(language, kind)('stand-in-note', { wanted: 'Any Linux 1', found: 'x', guest: 'y' });
      const paper = translator(language, 'paper')('stand-in-note', { wanted: 'Any Linux 1', found: 'x', guest: 'y' });
      t.is(own === paper, kind === 'paper');
      t.true(markdown.replaceAll('\n', ' ').includes(own.slice(0, own.indexOf('Any Linux'))), language);
      for (const text of [markdown, page.slice(page.indexOf('<body')).replaceAll(/<[^>]*>/g, '')])
        t.is(
          /\bpaper\b|论文/i.test(text),
          kind === 'paper',
          `${language}: ${/.{0,40}(\bpaper\b|论文).{0,40}/i.exec(text)?.[0] ?? ''}`,
        );
    }
  });
}
