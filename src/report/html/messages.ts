import Handlebars from 'handlebars';
import { languages, readCatalogue, type Language, type Translate } from '../language.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/** The messages of each language as they were needed so far: compiling them is most of the work of a page. */
const compiled = new Map(languages.map((language) => [language, new Map<string, HandlebarsTemplateDelegate>()]));

/**
 * Says a message as HTML. A message is Markdown; it is turned into HTML before its parameters, which are HTML already,
 * come into it: what they hold is never read as Markdown.
 */
export function htmlTranslator(language: Language): Translate {
  const catalogue = readCatalogue(language);
  const templates = compiled.get(language);
  return (key, parameters = {}) => {
    const message = catalogue[key];
    if (message === undefined) throw new Error(`messages.${language}.yaml has no '${key}'`);
    const template =
      templates?.get(key) ?? Handlebars.compile(inlineMarkdown(message), { noEscape: true, strict: true });
    templates?.set(key, template);
    return template(parameters);
  };
}
