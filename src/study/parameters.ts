import { shellQuote } from '../core/shell.ts';

/** A value of a parameter. */
export type ParameterValue = string | number | boolean;

/** One value for each parameter of an experiment. */
export type Combination = Readonly<Record<string, ParameterValue>>;

/** What an experiment is run for: each combination of these values, as often as `repeat` says. */
export interface Matrix {
  readonly parameters: Readonly<Record<string, readonly ParameterValue[]>>;
  /** Combinations that are left out: those that hold all that one of these says. */
  readonly except: readonly Combination[];
  readonly repeat: number;
  /** Where its cells run: each in a guest of its own, or one after the other in that of the experiments without any. */
  readonly guest: 'clean' | 'shared';
}

/** Which run of an experiment one is. */
export interface Cell {
  /** The experiment, by its id in the study's file. */
  readonly of: string;
  readonly parameters: Combination;
  /** From 1. */
  readonly repeat: number;
  /** How often each combination is run. */
  readonly repeats: number;
  readonly guest: Matrix['guest'];
}

/** The combinations of a matrix, the last parameter changing first; one that is empty where it has no parameters. */
export function combinationsOf({ parameters, except }: Pick<Matrix, 'parameters' | 'except'>): Combination[] {
  let all: Combination[] = [{}];
  for (const [name, values] of Object.entries(parameters)) {
    all = all.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })));
  }
  return all.filter((combination) => !except.some((left) => holds(combination, left)));
}

/** How many combinations there are before any is left out. */
export function combinationCount({ parameters }: Pick<Matrix, 'parameters'>): number {
  return Object.values(parameters).reduce((product, values) => product * values.length, 1);
}

/** Whether a combination has all of these values. */
export function holds(combination: Combination, values: Combination): boolean {
  return Object.entries(values).every(([name, value]) => combination[name] === value);
}

/** A value that is one word of a shell's, whatever stands around it, and means nothing else to it. */
const plainWord = /^[A-Za-z0-9_.,:/@%+=-]+$/;

/**
 * A command line with the values of a combination. A value that is a plain word takes the place of `${name}`. Any other one is
 * a word of its own, in quotation marks; within those of the command line the `${name}` stays, and the shell, which has the
 * parameters as variables, puts the value in. `\${name}` is no parameter.
 */
export function withParameters(text: string, combination: Combination): string {
  const hasHereDocument = text.includes('<<');
  let [result, quote] = ['', ''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && quote !== "'") {
      result += text.slice(at, at + 2);
      at += 1;
      continue;
    }
    const name = character === '$' ? /^\$\{([a-z][a-z0-9_]*)\}/.exec(text.slice(at))?.[1] : undefined;
    if (name !== undefined && Object.hasOwn(combination, name)) {
      const written = `\${${name}}`;
      const value = String(combination[name]);
      if (plainWord.test(value)) result += value;
      else result += quote === '' && !hasHereDocument ? shellQuote(value) : written;
      at += written.length - 1;
      continue;
    }
    if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = '';
    result += character;
  }
  return result;
}

/** A text with something for each `${name}` of which there is something; it is put in as it is. */
export function filledIn(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replaceAll(/\$\{([a-z][a-z0-9_]*)\}/g, (written, name: string) => valueOf(name) ?? written);
}

/** The lines that give a shell the values of a combination as variables. */
export function exportLines(combination: Combination): string[] {
  return Object.entries(combination).map(([name, value]) => `export ${name}=${shellQuote(String(value))}`);
}

/** `delay = 10, loss = 0`, for people. */
export function combinationText(combination: Combination): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join(', ');
}

/** `delay = 10, loss = 0, repeat 2`: which run of an experiment one is, for people. */
export function cellText(
  { parameters, repeat, repeats }: Cell,
  sayRepeat = (number: number): string => `repeat ${number}`,
): string {
  const said = repeats > 1 ? [sayRepeat(repeat)] : [];
  return [combinationText(parameters), ...said].filter((each) => each !== '').join(', ');
}

/**
 * What stands behind a name where it is of one cell, for each combination in their order: `.delay-10.loss-0`. They are parts of
 * file names, and differ also where the case of letters counts for nothing. Values that can't be told so are numbered.
 */
export function cellSuffixes({ parameters, except }: Pick<Matrix, 'parameters' | 'except'>): string[] {
  const words = new Map(Object.entries(parameters).map(([name, values]) => [name, valueWords(values)]));
  const suffixes = combinationsOf({ parameters, except }).map((combination) =>
    Object.entries(combination)
      .map(([name, value]) => `.${name}-${words.get(name)?.get(value) ?? ''}`)
      .join(''),
  );
  return suffixes.every((suffix) => suffix.length <= longestSuffix)
    ? suffixes
    : suffixes.map((_, index) => `.cell-${index + 1}`);
}

/** So that file names stay short. */
const longestSuffix = 96;

function valueWords(values: readonly ParameterValue[]): Map<ParameterValue, string> {
  const words = values.map((value) => String(value));
  const lower = new Set(words.map((word) => word.toLowerCase()));
  const isTold =
    lower.size === words.length &&
    words.every((word) => /^[A-Za-z0-9_+-]([A-Za-z0-9_.+-]{0,22}[A-Za-z0-9_+-])?$/.test(word));
  return new Map(values.map((value, index) => [value, isTold ? (words[index] ?? '') : `v${index + 1}`]));
}
