import type { Study } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import { paperPlace } from '../model/paper-place.ts';

/** Who wrote the paper, what it is called and where it stands. */
export function citation(paper: Study['paper'], language: Language, t: Translate): string {
  const authors = paper.authors.map((author) => author[language]).join(t('author-separator'));
  const title = t('paper-title', { title: paper.title[language] });
  const place = [paper.journal?.[language] ?? '', paperPlace(paper)].filter((part) => part !== '').join(' ');
  return [authors, title, place].filter((part) => part !== '').join(t('citation-separator'));
}
