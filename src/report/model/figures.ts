import type { UndecidedReason } from '../../claim/judge.ts';
import { curvesOf } from '../../comparison/curves.ts';
import type { Findings } from '../../comparison/findings.ts';
import { whyLacking } from '../../comparison/why-lacking.ts';
import { kindOf } from '../../figure/kinds/kinds.ts';
import type { FigureSources } from '../../figure/kinds/sources.ts';
import { chineseLabels, englishLabels, labelsFor, type FigureLabels } from '../../figure/labels.ts';
import type { Figure, Prose } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import type { ClaimRow } from './claim-rows.ts';
import { compareFigure, type FigureComparison } from './figure-comparison.ts';
import { figureSources } from './figure-sources.ts';

/** One figure as a report shows it. */
export interface FigureModel {
  readonly figure: Figure;
  /** Of its heading; the report's title has level 1. */
  readonly level: 3 | 4;
  readonly picture: Picture;
  /** It is a drawing, which is shown larger than what a terminal prints. */
  readonly isLarge: boolean;
  /** What is said below the picture. */
  readonly pictureNote: Prose | null;
  readonly comparison: FigureComparison;
  /** The claims that it shows. */
  readonly claims: readonly ClaimRow[];
}

/** A picture and its text, or the reason why it could not be drawn. */
export type Picture =
  | {
      readonly state: 'drawn';
      readonly path: string;
      /** The picture's accessible name; plain text. */
      readonly title: string;
      readonly svg: string;
      readonly text: string;
    }
  | { readonly state: 'missing'; readonly reason: UndecidedReason };

const labelsOf: Readonly<Record<Language, FigureLabels>> = { en: englishLabels, zh: chineseLabels };

/** Draws the figures of one run in one language. */
export class FigureMaker {
  readonly #findings: Findings;
  readonly #claims: readonly ClaimRow[];
  readonly #sources: FigureSources;
  readonly #language: Language;
  readonly #t: Translate;

  constructor(findings: Findings, claims: readonly ClaimRow[], language: Language, t: Translate) {
    this.#findings = findings;
    this.#claims = claims;
    this.#sources = figureSources(findings, language, t);
    this.#language = language;
    this.#t = t;
  }

  async make(figure: Figure, level: FigureModel['level']): Promise<FigureModel> {
    const { form, note } = kindOf(figure);
    const verdict = this.#findings.figures.find((each) => each.figure === figure.id);
    return {
      figure,
      level,
      picture: await this.#draw(figure),
      isLarge: form === 'drawing',
      pictureNote: note ?? null,
      comparison: compareFigure(figure, verdict),
      claims: this.#claims.filter(({ claim }) => claim.figure === figure.id),
    };
  }

  async #draw(figure: Figure): Promise<Picture> {
    const language = this.#language;
    const title = this.#t('figure-title', { id: figure.id, caption: figure.caption[language] });
    const drawing = await kindOf(figure).draw(figure, this.#sources, {
      title,
      labels: labelsFor(labelsOf[language], this.#findings.evidence.loaded.study.paper.kind),
      say: (words) => words[language],
      ...(figure.shows?.points === undefined ? {} : { paper: curvesOf(figure.shows.points) }),
    });
    if ('lacks' in drawing) return { state: 'missing', reason: whyLacking(drawing, this.#findings) };
    const suffix = language === 'en' ? '' : `.${language}`;
    return { state: 'drawn', path: `figures/figure-${figure.id}${suffix}.svg`, title, ...drawing };
  }
}
