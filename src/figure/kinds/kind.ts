import type { z } from 'zod';
import type { Observation, ParserName } from '../../observation/observe.ts';
import type { FigureLabels } from '../labels.ts';
import type { Drawing } from '../svg/drawing.ts';
import type { FigureSources, NumberSources } from './sources.ts';

/**
 * Everything about one kind of figure. A kind is one file of this folder, and one line of table.ts. What draws is
 * imported when something is drawn (`await import`): reading a study must not load a drawing library.
 */
export interface FigureKind<Name extends string = string, Keys extends z.ZodRawShape = z.ZodRawShape> {
  /** The key that makes a figure of the study one of this kind. */
  readonly name: Name;
  /** The schema of that key, and of those that may stand beside it, which are optional. */
  readonly keys: Keys;
  /** What the figure is drawn from; all of it must be in the study. */
  references(figure: FigureContent<Name, Keys>): readonly Reference[];
  readonly expectation: Expectation;
  /** Whether a picture of it is a terminal's screen, as wide as text is, or a drawing, which can use more room. */
  readonly form: 'screen' | 'drawing';
  /** Said below the picture. */
  readonly note?: Words;
  /** Its curves as data, where it has some: what is compared with the paper's. */
  curves?(figure: FigureContent<Name, Keys>, sources: NumberSources): readonly Curve[] | Lack;
  draw(figure: FigureContent<Name, Keys>, sources: FigureSources, options: DrawOptions): Promise<Drawing | Lack>;
}

/** What a figure of the study says in the keys of its kind. */
export type FigureContent<Name extends string, Keys extends z.ZodRawShape> = { readonly kind: Name } & Readonly<
  z.output<z.ZodObject<Keys>>
>;

/** A name in a figure, for something that the study has elsewhere. */
export interface Reference {
  readonly name: string;
  /** Where it stands, from the figure down. */
  readonly path: readonly (string | number)[];
  readonly to: Referent;
}

/** `words` completes `there is no …`. */
export type Referent =
  | { readonly is: 'topology' | 'experiment'; readonly words: string }
  /** `quantity`: a measure or a parameter. */
  | { readonly is: 'measure' | 'parameter' | 'quantity'; readonly words: string }
  /** `parser`: the one that it must be read by; null where any capture will do. */
  | { readonly is: 'capture'; readonly words: string; readonly parser: ParserName | null };

/** What a study can say in `shows` of a figure of this kind, and so what it is compared with. */
export type Expectation =
  | { readonly of: 'nothing' }
  /** Points of curves; the kind has `curves`. */
  | { readonly of: 'curve' }
  /** A drawing as data; the figure has one reference, to a topology. */
  | { readonly of: 'topology' }
  /** A text for each capture that it refers to: what the command printed. */
  | { readonly of: 'printed' }
  /** A text for each capture: what the figure makes of what was read from it; null of what it can't show. */
  | { readonly of: 'rendered'; readonly render: (observation: Observation) => string | null };

export interface DrawOptions {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly labels: FigureLabels;
  /** The words in the language of the report. */
  readonly say: (words: Words) => string;
  /** The paper's curves, which are drawn beside ours. */
  readonly paper?: readonly Curve[];
}

/** A curve as data: what a figure of numbers shows, ours or the paper's. */
export interface Curve {
  /** null: the figure has one series. */
  readonly name: string | null;
  readonly points: readonly (readonly [x: number | string, y: number])[];
  /** What there is between its points: straight lines where it says nothing. */
  readonly between?: Between;
}

/** `steps`: a value holds up to the next place, the last for ever, and before the first there is zero. `nothing`: no value. */
export type Between = 'steps' | 'nothing';

/** The same in English and in Chinese. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** Why a figure cannot be drawn: what it refers to that is not there, or that is of no use to it. */
export interface Lack {
  readonly lacks: string;
  /** Why it is of no use; null where it is not there. */
  readonly because: string | null;
}

/** Names the types of a kind's keys once, from the keys themselves. */
export function figureKind<const Name extends string, Keys extends Readonly<Record<Name, z.ZodType>> & z.ZodRawShape>(
  kind: FigureKind<Name, Keys>,
): FigureKind<Name, Keys> {
  return kind;
}

/** The names in a list under `key`, all for things of the same sort. */
export function eachIn(key: string, names: readonly string[], to: Referent): Reference[] {
  return names.map((name, index) => ({ name, path: [key, index], to }));
}
