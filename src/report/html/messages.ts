import type { SourceKind } from '../../core/source-kinds.ts';
import { translator, type Language, type Translate } from '../language.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/**
 * Says a message as HTML. A message is Markdown; it is turned into HTML before its parameters, which are HTML already,
 * come into it: what they hold is never read as Markdown.
 */
export function htmlTranslator(language: Language, source: SourceKind): Translate {
  return translator(language, source, inlineMarkdown);
}
