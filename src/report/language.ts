import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Language } from '../core/languages.ts';
import { packagePath } from '../core/package.ts';
import type { SourceKind } from '../core/source-kinds.ts';
import { compileMessage } from './templates.ts';

export { languages, type Language } from '../core/languages.ts';

/** The catalogue of one language: messages by key, each a Handlebars template over its parameters. */
export type Catalogue = Readonly<Record<string, string>>;

/** Says a message. Throws on an unknown key or a missing parameter: a lost word must not pass unseen. */
export type Translate = (key: string, parameters?: Readonly<Record<string, unknown>>) => string;

const catalogues = new Map<Language, Catalogue>();

export function readCatalogue(language: Language): Catalogue {
  const known = catalogues.get(language);
  if (known !== undefined) return known;
  const path = packagePath(`reports/templates/messages.${language}.yaml`);
  const catalogue = parse(readFileSync(path, 'utf8')) as Catalogue;
  catalogues.set(language, catalogue);
  return catalogue;
}

/**
 * `source`: what the study reruns; a message has it as the parameters `theSource` (within a sentence) and `sourceHead` (at the
 * head of something). `prepare`: what is made of a message before its parameters come into it.
 */
export function translator(
  language: Language,
  source: SourceKind = 'paper',
  prepare = (message: string) => message,
): Translate {
  const catalogue = readCatalogue(language);
  const words = { theSource: catalogue[`source-${source}`], sourceHead: catalogue[`column-${source}`] };
  const compiled = new Map<string, ReturnType<typeof compileMessage>>();
  return (key, parameters = {}) => {
    const message = catalogue[key];
    if (message === undefined) throw new Error(`messages.${language}.yaml has no '${key}'`);
    const say = compiled.get(key) ?? compileMessage(prepare(message));
    compiled.set(key, say);
    return say({ ...words, ...parameters });
  };
}
