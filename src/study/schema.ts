import { z } from 'zod';
import type { Language } from '../core/languages.ts';
import type { SourceKind } from '../core/source-kinds.ts';
import type { AnyContent } from '../figure/kinds/kinds.ts';
import type { Background } from './background.ts';
import type { Collected } from './collect.ts';
import type { CurvePoints, CurveRule } from './curve-schema.ts';
import type { ExpectedUndecided } from './expected-undecided.ts';
import { format1 } from './format-1.ts';
import { format2 } from './format-2.ts';
import type { Needs } from './needs.ts';
import type { SelfCheck } from './self-check.ts';
import type { Parse } from '../observation/observe.ts';
import type { OwnMask } from './own-masks.ts';
import type { Cell, Combination, Matrix } from './parameters.ts';
import type { DrawnTopology, Exits, ExpectationOrigin, Makes, Origin } from './schema-parts.ts';
import type { YamlPath } from './source.ts';

export { origin, parseSchema } from './schema-parts.ts';
export type { DrawnTopology, Exits, ExpectationOrigin, Makes, Origin } from './schema-parts.ts';

/**
 * The study file's schema, of both formats: the one source of the validation and of the JSON Schema that editors use
 * (`schema/study.schema.json`). What it gives is a `Study`, whichever format it is written in.
 */
export const studySchema: z.ZodType<Study> = z.discriminatedUnion('format', [format1, format2]);

/** A study as everything reads it. */
export interface Study {
  readonly format: 1 | 2;
  readonly id: string;
  readonly title: Prose;
  /** Those of its prose, in which reports are made. */
  readonly languages: readonly Language[];
  /** What it reruns. */
  readonly paper: Source;
  /** null: the source names none. */
  readonly environment: Environment | null;
  /** As the source shows it. */
  readonly prompt: string;
  readonly origins: Readonly<Record<Origin, Prose>>;
  readonly makes?: Makes | undefined;
  /** Of every experiment. */
  readonly needs?: Needs | undefined;
  readonly selfCheck?: SelfCheck | undefined;
  /** What `--quick` runs, by the names that `--only` takes. */
  readonly quick?: readonly string[] | undefined;
  readonly files?: readonly string[] | undefined;
  /** By name. */
  readonly masks?: Readonly<Record<string, OwnMask>> | undefined;
  readonly misprints?:
    readonly { readonly printed: string; readonly mended: string; readonly note: Prose }[] | undefined;
  /** The numbers that it is about, by name. */
  readonly measures?: Readonly<Record<string, Measure>> | undefined;
  readonly experiments: readonly Experiment[];
  readonly figures: readonly Figure[];
  readonly claims: readonly Claim[];
}

/** In a language that the study has no text in, its text in the other. */
export interface Prose {
  readonly en: string;
  readonly zh: string;
}

export interface Source {
  readonly title: Prose;
  readonly authors: readonly Prose[];
  readonly journal?: Prose | undefined;
  readonly year?: number | undefined;
  readonly volume?: string | undefined;
  readonly issue?: string | undefined;
  readonly pages?: string | undefined;
  readonly articleNumber?: string | undefined;
  readonly doi?: string | undefined;
  readonly url?: string | undefined;
  readonly kind: SourceKind;
}

export interface Environment {
  readonly release: string;
  readonly releaseFile: string;
  readonly releasePattern: string;
  readonly differences?: Prose | undefined;
}

export interface Experiment {
  readonly id: string;
  readonly section?: string | undefined;
  readonly title: Prose;
  readonly summary?: Prose | undefined;
  readonly after?: string | undefined;
  readonly needs?: Needs | undefined;
  readonly selfCheck?: SelfCheck | undefined;
  readonly steps: readonly Step[];
  /** As it is written: what it is run for. */
  readonly matrix?: Matrix | undefined;
  /** As it is run: which cell of its matrix it is. */
  readonly cell?: Cell | undefined;
}

export interface Measure {
  /** An expression over the captures of one experiment, which gives a number. */
  readonly of: string;
  readonly unit?: string | undefined;
  readonly title?: Prose | undefined;
}

export interface Step {
  readonly id: string;
  /** Where it stands in the study's file, where its place in the experiment does not say. */
  readonly at?: YamlPath | undefined;
  /** It stands for the steps of a file, as long as that is not read: see use.ts. */
  readonly use?: Use | undefined;
  /** It is of an experiment that its own builds on: see expand.ts. */
  readonly prepares?: boolean | undefined;
  readonly title: Prose;
  readonly origin: Origin;
  readonly note?: Prose | undefined;
  readonly script?: string | undefined;
  readonly commands?: readonly StudyCommand[] | undefined;
  readonly exits?: Exits | Readonly<Record<string, Exits>> | undefined;
  readonly topology?: string | undefined;
  readonly background?: readonly Background[] | undefined;
  readonly collect?: readonly Collected[] | undefined;
}

export interface Use {
  readonly file: string;
  readonly values: Combination;
  /** Of the step; of several, what stands before the id of each. */
  readonly id: string | null;
}

export interface StudyCommand {
  readonly run: string;
  readonly origin?: Origin | undefined;
  readonly printed?: string | undefined;
  readonly mended?: Prose | undefined;
  readonly capture?: string | undefined;
  readonly parse?: Parse | undefined;
  readonly separate?: boolean | undefined;
  readonly limitSeconds?: number | undefined;
  readonly exits?: Exits | undefined;
}

type FigureFrame = Readonly<{
  id: string;
  origin: Origin;
  caption: Prose;
  paper?: Prose | undefined;
  note?: Prose | undefined;
  shows?: Shows | undefined;
}>;

/** A figure with the keys of its kind alone. */
export type Figure = FigureFrame & AnyContent;

interface Shows {
  readonly origin: ExpectationOrigin;
  /** The digest of the run that it was adopted from. */
  readonly run?: string | undefined;
  readonly note?: Prose | undefined;
  readonly outputs?: Readonly<Record<string, string>> | undefined;
  readonly topology?: DrawnTopology | undefined;
  readonly points?: CurvePoints | undefined;
  /** Where the points come from. */
  readonly source?: string | undefined;
  readonly rule?: readonly CurveRule[] | undefined;
  /** Of those that every study may name (mask-names.ts), and of its own. */
  readonly masks: readonly string[];
}

export interface Claim {
  readonly id: string;
  readonly origin: Origin;
  readonly statement: Prose;
  readonly sentence?: string | undefined;
  readonly section?: string | undefined;
  readonly figure?: string | undefined;
  /** The parameters for each of whose values it is judged by itself. */
  readonly for?: readonly string[] | undefined;
  readonly given?: string | undefined;
  readonly undecided?: ExpectedUndecided | undefined;
  readonly expect: string;
}
