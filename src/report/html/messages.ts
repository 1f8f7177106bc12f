import { languages, readCatalogue, type Language, type Translate } from '../language.ts';
import { compileMessage } from '../templates.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/** The messages of each language as they were needed so far. */
const compiled = new Map(languages.map((language) => [language, new Map<string, ReturnType<typeof compileMessage>>()]));

/**
 * Says a message as HTML. A message is Markdown; it is turned into HTML before its parameters, which are HTML already,
 * come into it: what they hold is never read as Markdown.
 */
export function htmlTranslator(language: Language): Translate {
  const catalogue = readCatalogue(language);
  const messages = compiled.get(language);
  return (key, parameters = {}) => {
    const message = catalogue[key];
    if (message === undefined) throw new Error(`messages.${language}.yaml has no '${key}'`);
    const say = messages?.get(key) ?? compileMessage(inlineMarkdown(message));
    messages?.set(key, say);
    return say(parameters);
  };
}
