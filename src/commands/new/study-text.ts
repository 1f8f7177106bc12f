import { stringify } from 'yaml';
import type { Language } from '../../core/languages.ts';
import type { Answers, NewSource } from './answers.ts';

/** What the new study says in prose. */
const prose = {
  network: { en: 'The network', zh: '网络' },
  reached: { en: 'All three pings are answered', zh: '三次 ping 均有回复' },
};

const comments = {
  en: {
    head: '`refigure lint` checks this file; what can stand in it, the schema and the README of Refigure say.',
    source: 'More of it, for the report: title, authors, in (the journal, the site), year.',
    origin:
      'Where all that follows comes from: `text` (the source states it), `reconstructed`, or `added` (yours). Each part can\n# say its own.',
    makes: 'What it makes, so that it can run on a machine that you have, too (`--guest ssh://…`).',
  },
  zh: {
    head: '`refigure lint` 检查本文件；可写的内容见 schema 与 Refigure 的 README。',
    source: '报告中可补充的内容：title、authors、in（期刊或网站）、year。',
    origin:
      '以下内容的来历：`text`（来源中有明确记述）、`reconstructed`（重建）或 `added`（自己新增）。各部分可另行注明。',
    makes: '研究所创建的对象；写明后也可在自己的机器上运行（`--guest ssh://…`）。',
  },
};

/** A study that runs at once and whose claim is upheld: two namespaces that talk. */
export function studyText(id: string, { title, source, languages }: Answers): string {
  const say = comments[languages[0]];
  return `# yaml-language-server: $schema=./study.schema.json
# ${say.head}

format: 2
id: ${scalar(id)}
title: ${scalar(title)}
${languages.join() === 'en' ? '' : `languages: [${languages.join(', ')}]\n`}${sourceText(source, say)}
# ${say.makes}
makes: { namespaces: [a, b], devices: [] }

experiments:
  - id: talk
    commands:
      - ip netns add a
      - ip netns add b
      - ip link add va netns a type veth peer name vb netns b
      - ip -n a address add 10.9.0.1/24 dev va
      - ip -n b address add 10.9.0.2/24 dev vb
      - ip -n a link set va up
      - ip -n b link set vb up
      - { run: ip netns exec a ping -c 3 10.9.0.2, capture: ping, parse: ping }
    topology: joined

figures:
  - { id: '1', caption: ${proseText(prose.network, languages)}, topology: joined }

claims:
  - id: reached
    statement: ${proseText(prose.reached, languages)}
    expect: ping.received == 3
`;
}

function sourceText(source: NewSource, say: (typeof comments)[Language]): string {
  if (source.kind === 'own') return '';
  const [key, where] = source.kind === 'paper' ? ['doi', source.doi] : ['url', source.url];
  return `source:
  kind: ${source.kind}
  ${key}: ${scalar(where)}
  # ${say.source}
# ${say.origin}
origin: added
`;
}

function proseText(text: Readonly<Record<Language, string>>, languages: Answers['languages']): string {
  if (languages.length === 1) return text[languages[0]];
  return `{ ${languages.map((language) => `${language}: ${text[language]}`).join(', ')} }`;
}

/** A text on one line, quoted where YAML would take it for something else. */
function scalar(text: string): string {
  return stringify(text, { lineWidth: 0, blockQuote: false }).trimEnd();
}
