import type { Reading } from './types.ts';

/**
 * How a kind of capture is read, and what a claim may ask of what was read. A parser is one file that makes one of these,
 * and one line in observe.ts.
 */
export interface Parser<Name extends string, T extends { readonly kind: Name }> {
  /** By which a study names it: `parse: ping`. */
  readonly name: Name;
  /** Never throws: what cannot be understood is `unreadable`. */
  read(text: string): Reading<T>;
  /** Reads a capture that is no text; null where it is text all the same. Never throws either. */
  readBytes?(bytes: Buffer): Reading<T> | null;
  /** Which of `types` the observation itself is. */
  readonly type: string;
  /** Every type that an observation holds, by its name; a type stands behind those that its fields name. */
  readonly types: CelTypes;
}

/**
 * Types of the claims' expressions, in CEL's terms (https://github.com/google/cel-spec): what the fields of each are
 * called, and whether a number is whole (`int`) or not (`double`).
 */
export type CelTypes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The compiler holds a table against the type that it describes: a field that is added there and not here is an error. */
export type Fields<T> = Readonly<Record<Exclude<keyof T, 'kind' | 'line'>, string>>;
