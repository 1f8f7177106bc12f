import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { parse } from 'yaml';
import { expressionParts } from '../../schema/language/expressions.ts';
import { exampleFolder } from '../../schema/language/examples.ts';
import { commonFigureKeys, figureKinds } from '../../schema/language/figure-kinds.ts';
import {
  identityOf,
  itemOf,
  membersOf,
  propertiesOf,
  root,
  valueOf,
  type Schema,
} from '../../schema/language/json-schema.ts';
import { keysOf, type Key } from '../../schema/language/keys.ts';
import { claimTypes, fieldWords, readers } from '../../schema/language/observations.ts';
import { languageReference } from '../../schema/language/reference.ts';
import { anchorOf, maskWords, nameOf, sections } from '../../schema/language/sections.ts';
import { arithmeticNames, statisticNames } from '../../src/claim/functions.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { packagePath } from '../../src/core/package.ts';
import { kindNames } from '../../src/figure/kinds/kinds.ts';
import { textMaskNames, topologyMaskNames } from '../../src/study/mask-names.ts';
import { StudyError } from '../../src/core/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('docs/language.md is what the schema and its words generate (else: npm run language)', async (t) => {
  t.true(
    (await readFile(packagePath('docs/language.md'), 'utf8')) === (await languageReference()),
    'it is another text',
  );
});

test('the study that the examples are from is sound', async (t) => {
  await t.notThrowsAsync(loadCheckedStudy(fileURLToPath(exampleFolder)));
});

const told: readonly (Key & { readonly in: string })[] = sections.flatMap(({ title, schema }) =>
  keysOf(schema).map((key) => ({ ...key, in: title })),
);

test('every key has a description, and an example that is the study’s', (t) => {
  const lacking = (isLacking: (key: Key) => boolean): string[] =>
    told.filter(isLacking).map((key) => `${key.in}: ${key.name}`);
  const general = 'A text, or the same in several languages';
  t.deepEqual(
    lacking(({ schema: { description = '' } }) => description === '' || description.startsWith(general)),
    [],
  );
  t.deepEqual(
    lacking(({ examples }) => examples.length === 0),
    [],
  );
});

test('every key of a study is told, whatever object it stands in', (t) => {
  const known = new Set(told.map(({ name, schema }) => `${name.split('.').at(-1) ?? ''} ${identityOf(schema)}`));
  const missing = allKeys(root).filter(([key, schema]) => !known.has(`${key} ${identityOf(schema)}`));
  t.deepEqual(
    missing.map(([key]) => key),
    [],
  );
});

/** The keys of all objects of a schema, but of the values that have a name and no section. */
function allKeys(schema: Schema): [string, Schema][] {
  if (nameOf(schema)?.endsWith('(#values)') === true) return [];
  return membersOf(schema).flatMap((member) => {
    const tuple = (member.prefixItems ?? []) as Schema[];
    const below = [itemOf(member), valueOf(member), ...tuple].flatMap((part) => (part === null ? [] : allKeys(part)));
    return [
      ...below,
      ...propertiesOf(member).flatMap(([key, part]) => [[key, part] as [string, Schema], ...allKeys(part)]),
    ];
  });
}

test('every kind of figures is told, and all keys of a figure are a kind’s or common', (t) => {
  t.deepEqual(
    figureKinds.map(({ name }) => name),
    kindNames,
  );
  const count = figureKinds.reduce((sum, { keys }) => sum + keys.length, commonFigureKeys.length);
  t.is(count, told.filter((key) => key.in === 'Figure').length);
});

test('every field that a claim can ask has its words, and no words are of a field that is not there', (t) => {
  const fields = [...claimTypes].map(([type, of]) => [type, Object.keys(of).toSorted()] as const);
  const words = Object.entries(fieldWords.types).map(([type, of]) => [type, Object.keys(of).toSorted()] as const);
  t.deepEqual(Object.fromEntries(words), Object.fromEntries(fields));
  t.deepEqual(Object.keys(fieldWords.readers).toSorted(), readers.map(({ name }) => name).toSorted());
});

test('every link to a part of docs/language.md leads to one', async (t) => {
  const read = async (path: string): Promise<string> => readFile(packagePath(path), 'utf8');
  const [text, ...others] = await Promise.all(['docs/language.md', 'README.md', 'docs/figures.md'].map(read));
  const anchors = [...(text ?? '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
  t.is(new Set(anchors).size, anchors.length, 'each is there once');
  const links = [
    ...(text ?? '').matchAll(/\]\(#([^)]+)\)/g),
    ...others.join('').matchAll(/\]\((?:docs\/)?language\.md#([^)]+)\)/g),
  ].map(([, anchor = '']) => anchor);
  t.deepEqual(
    links.filter((anchor) => !anchors.includes(anchor)),
    [],
  );
});

test('every mask has its words', (t) => {
  t.deepEqual(Object.keys(maskWords.outputs), [...textMaskNames]);
  t.deepEqual(Object.keys(maskWords.topology), [...topologyMaskNames]);
});

test('every function is told', (t) => {
  const rows = (title: string): string[] =>
    expressionParts.flatMap((part) => (part.title === title ? part.rows.map(({ write }) => write) : []));
  const names = (written: readonly string[]): string[] => written.map((each) => each.replace(/\(.*/, '')).toSorted();
  t.deepEqual(names(rows('Statistics')), [...statisticNames].toSorted());
  t.deepEqual(names(rows('Functions of one number')), [...arithmeticNames].toSorted());
});

test('every expression that is an example is one over the captures of the study', async (t) => {
  const examples = [
    ...expressionParts.flatMap(({ rows }) => rows.map(({ example, for: of }) => ({ example, for: of }))),
    ...Object.values(fieldWords.readers).map(({ example }) => ({ example, for: undefined })),
    { example: fieldWords.network.example, for: undefined },
  ];
  const folder = await temporaryFolder(t);
  await cp(exampleFolder, folder, { recursive: true });
  const file = join(folder, 'study.yaml');
  const study = parse(await readFile(file, 'utf8')) as { claims: unknown[] };
  const claims = examples.map(({ example, for: of }, at) => ({
    ...{ id: `example-${at}`, statement: example, expect: example },
    ...(of === undefined ? {} : { for: of }),
  }));
  await writeFile(file, JSON.stringify({ ...study, claims: [...study.claims, ...claims] }));
  const error: unknown = await loadCheckedStudy(folder).then(
    () => null,
    (reason: unknown) => reason,
  );
  t.deepEqual(error instanceof StudyError ? error.problems.map(({ message }) => message) : error, null);
});
