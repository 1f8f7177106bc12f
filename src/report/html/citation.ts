import type { Study } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import { paperPlace } from '../model/paper-place.ts';
import { escapeHtmlLine } from './escape.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/** Who wrote the paper and where it stands, as HTML. */
export function citation(
  paper: Study['paper'],
  language: Language,
  t: Translate,
): { readonly authors: string; readonly source: string } {
  return {
    authors: paper.authors
      .map((author) => inlineMarkdown(author[language]))
      .join(escapeHtmlLine(t('author-separator'))),
    source: [
      ...(paper.journal === undefined ? [] : [inlineMarkdown(paper.journal[language])]),
      escapeHtmlLine(paperPlace(paper)),
    ]
      .filter((part) => part !== '')
      .join(' '),
  };
}
