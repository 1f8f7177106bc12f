import Handlebars from 'handlebars';
import { readCatalogue, type Language, type Translate } from '../language.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/**
 * Says a message as HTML. A message is Markdown; it is turned into HTML before its parameters, which are HTML already,
 * come into it: what they hold is never read as Markdown.
 */
export function htmlTranslator(language: Language): Translate {
  const catalogue = readCatalogue(language);
  const compiled = new Map<string, HandlebarsTemplateDelegate>();
  return (key, parameters = {}) => {
    const message = catalogue[key];
    if (message === undefined) throw new Error(`messages.${language}.yaml has no '${key}'`);
    const template = compiled.get(key) ?? Handlebars.compile(inlineMarkdown(message), { noEscape: true, strict: true });
    compiled.set(key, template);
    return template(parameters);
  };
}
