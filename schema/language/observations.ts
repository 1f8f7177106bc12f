import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { typesOf } from '../../src/claim/types.ts';
import { observationTypes, parserNames } from '../../src/observation/observe.ts';
import { row } from './keys.ts';
import { anchorOf } from './sections.ts';

/** What fields.yaml says of the fields of what claims can ask. */
const fileSchema = z.strictObject({
  /** By the name of the reader, or of the shape. */
  readers: z.record(z.string(), z.strictObject({ reads: z.string(), example: z.string() })),
  /** By type and field. */
  types: z.record(z.string(), z.record(z.string(), z.string())),
  network: z.strictObject({ words: z.string(), example: z.string() }),
});

export const fieldWords = fileSchema.parse(parse(readFileSync(new URL('fields.yaml', import.meta.url), 'utf8')));

type Fields = Readonly<Record<string, string>>;

const captureFields = Object.keys(typesOf(new Map())['Capture'] ?? {});

/**
 * Every type that a claim can meet, with its own fields: those that each capture has stand once, at `Capture`. The types of
 * shapes are a study's own: `Table` and `Rows` stand for them here.
 */
export const claimTypes: ReadonlyMap<string, Fields> = new Map([
  ...Object.entries(typesOf(new Map())).map(([type, fields]): [string, Fields] => [
    type,
    type === 'Capture'
      ? fields
      : Object.fromEntries(Object.entries(fields).filter(([name]) => !isOfCapture(name, fields))),
  ]),
  ...shapeTypes(),
]);

function isOfCapture(name: string, fields: Fields): boolean {
  return captureFields.includes(name) && captureFields.every((each) => Object.hasOwn(fields, each));
}

function shapeTypes(): [string, Fields][] {
  const [rows, table] = [observationTypes({ regex: '(?<a>.)' }, 'x'), observationTypes({ table: { header: 1 } }, 'x')];
  return [
    ['Rows', { ...rows.types[rows.type], rows: 'list<dyn>' }],
    ['Table', table.types[table.type] ?? {}],
  ];
}

interface Reader {
  /** By which fields.yaml knows it. */
  readonly name: string;
  readonly title: string;
  /** Of what it gives. */
  readonly type: string;
}

export const readers: readonly Reader[] = [
  ...parserNames.map((name) => ({ name, title: `parse: ${name}`, type: observationTypes(name, 'x').type })),
  { name: '{ regex: … }', title: 'Shape: regex', type: 'Rows' },
  { name: '{ table: … }', title: 'Shape: table', type: 'Table' },
  { name: '{ number: … }', title: 'Shape: number', type: 'Number' },
];

/** Markdown: what a claim can ask of captures and of a network. */
export function observationSections(): string {
  const told = new Set<string>();
  const ofReaders = readers.map(({ name, title, type }) => {
    const { reads = '', example = '' } = fieldWords.readers[name] ?? {};
    return [`### ${title}`, `${reads} For example: \`${example}\`.`, ...typeTables(type, told)].join('\n\n');
  });
  const { words, example } = fieldWords.network;
  return [
    '## What a claim can ask',
    `A capture is a variable of its name, and so is a network that was observed (\`topology\` of a step). Types are those of CEL: \`int\` is
a whole number, \`double\` any number, \`dyn\` whatever is there. A field that was not printed is null where its words say so. A claim that
needs what was not observed, or a line that cannot be read, is undecided and says which.`,
    readers.map(({ name, title }) => `[\`${name}\`](#${anchorOf(title)})`).join(' · ') + ' · [a network](#a-network)',
    '### Of every capture',
    `\`text\` and \`lines\` are there where the command ended as it was expected to, the others always. With \`parse\` these stand beside
what was read.`,
    ...typeTables('Capture', told),
    ...ofReaders,
    '### A network',
    `${words} For example: \`${example}\`.`,
    ...typeTables('Topology', told),
  ].join('\n\n');
}

/** The fields of a type, and behind them those of the types that they hold; each once. */
function typeTables(type: string, told: Set<string>): string[] {
  const fields = claimTypes.get(type);
  if (fields === undefined || told.has(type)) return [];
  told.add(type);
  const words = fieldWords.types[type] ?? {};
  const rows = Object.entries(fields).map(([name, of]) => row([`\`${name}\``, `\`${of}\``, words[name] ?? '']));
  const table = [row([`field of \`${type}\``, 'type', 'what it is']), row(['---', '---', '---']), ...rows].join('\n');
  const below = Object.values(fields).map((of) => of.replace(/^list<(\w+)>$/, '$1'));
  return [table, ...below.flatMap((each) => typeTables(each, told))];
}
