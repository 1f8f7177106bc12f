import type { Language } from '../core/languages.ts';
import type { Experiment } from './schema.ts';

/** An experiment's title, behind its section where the source has sections. */
export function experimentTitle({ section, title }: Pick<Experiment, 'section' | 'title'>, language: Language): string {
  return section === undefined ? title[language] : `${section} ${title[language]}`;
}
