import { commonFigureKeys, kindSections } from './figure-kinds.ts';
import { expressionSections } from './expressions.ts';
import { keysOf, keyTable, otherForms, row } from './keys.ts';
import { observationSections } from './observations.ts';
import { anchorOf, maskWords, sections, values, type Section } from './sections.ts';

/** The text of docs/language.md: every key that a study can have, and everything that a claim can ask. */
export async function languageReference(): Promise<string> {
  const objects = await Promise.all(sections.map(sectionText));
  return `${[beginning(), valuesText(), ...objects, observationSections(), expressionSections()].join('\n\n')}\n`;
}

function beginning(): string {
  const link = (title: string): string => `[${title}](#${anchorOf(title)})`;
  const contents = ['Values', ...sections.map(({ title }) => title), 'What a claim can ask', 'Expressions'];
  return `<!-- Made by \`npm run language\` from the schema and from schema/language/. Do not edit it here. -->

# The language of a study

This page tells every key of a study in the second format (\`format: 2\`), and everything that a claim can ask. An editor that
reads \`schema/study.schema.json\` tells the same, and \`refigure lint\` checks a study. A key that is not listed here is an error. The
examples are of one study, [schema/language/example](../schema/language/example/study.yaml), which \`lint\` finds sound.

${contents.map(link).join(' · ')}`;
}

function valuesText(): string {
  const rows = values.map(({ name, words }) => row([name, words]));
  return `## Values

These occur in many places.

${[row(['value', 'what it is']), row(['---', '---']), ...rows].join('\n')}`;
}

async function sectionText({ title, schema, words, more }: Section): Promise<string> {
  const isFigure = title === 'Figure';
  const table = await keyTable(isFigure ? commonFigureKeys : keysOf(schema));
  const others = otherForms(schema);
  const instead = others === null ? '' : `In place of these keys it is ${others}.`;
  const below = isFigure ? await kindSections() : title === 'What a figure shows' ? masksText() : '';
  return [`## ${title}`, words, table, instead, more, below].filter((part) => part !== '').join('\n\n');
}

function masksText(): string {
  const table = (masks: Readonly<Record<string, string>>): string =>
    [
      row(['mask', 'what may differ']),
      row(['---', '---']),
      ...Object.entries(masks).map(([name, what]) => row([`\`${name}\``, what])),
    ].join('\n');
  return `### Masks

Of \`outputs\` these may differ, beside the [masks of the study](#masks-of-the-study):

${table(maskWords.outputs)}

Of \`topology\` the drawing may leave these out; what it does say of them is compared:

${table(maskWords.topology)}

The rules of [points](#rule) say themselves what may differ.`;
}
