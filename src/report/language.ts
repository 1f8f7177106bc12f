import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { parse } from 'yaml';
import { packagePath } from '../core/package.ts';

/** The languages of a report's prose. */
export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** The catalogue of one language: messages by key, each a Handlebars template over its parameters. */
export type Catalogue = Readonly<Record<string, string>>;

/** Says a message. Throws on an unknown key or a missing parameter: a lost word must not pass unseen. */
export type Translate = (key: string, parameters?: Readonly<Record<string, unknown>>) => string;

export function readCatalogue(language: Language): Catalogue {
  return parse(readFileSync(packagePath(`reports/templates/messages.${language}.yaml`), 'utf8')) as Catalogue;
}

export function translator(language: Language): Translate {
  const catalogue = readCatalogue(language);
  const compiled = new Map<string, HandlebarsTemplateDelegate>();
  return (key, parameters = {}) => {
    const message = catalogue[key];
    if (message === undefined) throw new Error(`messages.${language}.yaml has no '${key}'`);
    const template = compiled.get(key) ?? Handlebars.compile(message, { noEscape: true, strict: true });
    compiled.set(key, template);
    return template(parameters);
  };
}
