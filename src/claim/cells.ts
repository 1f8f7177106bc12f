import type { LoadedStudy } from '../study/load.ts';
import { cellsOf } from '../study/expand.ts';
import {
  combinationsOf,
  holds,
  type Cell,
  type Combination,
  type Matrix,
  type ParameterValue,
} from '../study/parameters.ts';
import type { StudyIndex } from '../study/study-index.ts';
import type { Claim, Experiment, Measure, Study } from '../study/schema.ts';
import { fits, withoutSelections, type Condition } from './where.ts';
import { freeNames, tryParse } from './syntax.ts';

/** A study as its file has it. */
export type Written = LoadedStudy['written'];

/** A cell, and what stands behind a name that is of it. */
export interface CellName {
  readonly cell: Cell;
  readonly suffix: string;
}

/** The names that a claim can speak of, beside the parameters: where they are from. */
export class CellNames {
  readonly #written: Written;
  readonly #cells = new Map<string, readonly CellName[]>();

  constructor(written: Written) {
    this.#written = written;
    for (const { id, matrix } of written.study.experiments) {
      if (matrix !== undefined) this.#cells.set(id, cellsOf(matrix, id));
    }
  }

  /** The experiment that gives a capture, a topology or a measure its values; undefined: there is no such name. */
  experimentOf(name: string): Experiment | undefined {
    const measure = this.measure(name);
    if (measure === undefined) return this.#written.index.stepOf(name)?.experiment;
    const [first] = capturesOf(measure, this.#written.index);
    return first === undefined ? undefined : this.#written.index.stepOf(first)?.experiment;
  }

  measure(name: string): Measure | undefined {
    return ownValue(this.#written.study.measures ?? {}, name);
  }

  /** The captures that a measure is computed from, as the study writes them. */
  capturesOfMeasure(measure: Measure): string[] {
    return capturesOf(measure, this.#written.index);
  }

  /** The cells of an experiment that a claim speaks of; null: it has none, and is run once. */
  cellsOf(
    { id, matrix }: Experiment,
    of: Combination,
    conditions: readonly Condition[] = [],
  ): readonly CellName[] | null {
    if (matrix === undefined) return null;
    const shared = Object.fromEntries(Object.entries(of).filter(([name]) => Object.hasOwn(matrix.parameters, name)));
    const all = this.#cells.get(id) ?? [];
    return all.filter(({ cell: { parameters } }) => holds(parameters, shared) && fits(parameters, conditions));
  }
}

function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function capturesOf({ of }: Measure, index: StudyIndex): string[] {
  const root = tryParse(of);
  return root === null ? [] : [...freeNames(root)].filter((name) => index.stepOf(name) !== undefined);
}

/** Whether an expression that is evaluated for each value of these parameters has one run of an experiment before it. */
export function isSingle({ parameters, repeat }: Matrix, parametersFor: readonly string[]): boolean {
  return repeat === 1 && Object.keys(parameters).every((name) => parametersFor.includes(name));
}

/**
 * What a claim is judged for: each combination of its parameters' values that there is, in the study's order; one that is empty
 * where it names no parameter.
 */
export function combinationsFor(
  { for: names = [], given, expect }: Claim,
  { study }: Written,
  cells: CellNames,
): Combination[] {
  if (names.length === 0) return [{}];
  const named = namesOf([given, expect]);
  const experiments = new Set(named.flatMap((name) => cells.experimentOf(name) ?? []));
  const from = experiments.size > 0 ? [...experiments] : study.experiments;
  const found = new Map<string, Combination>();
  for (const { matrix } of from) {
    if (matrix === undefined || !names.every((name) => Object.hasOwn(matrix.parameters, name))) continue;
    for (const combination of combinationsOf(matrix)) {
      const picked = Object.fromEntries(names.map((name) => [name, combination[name] as ParameterValue]));
      found.set(JSON.stringify(picked), picked);
    }
  }
  return [...found.values()];
}

/** The names in these expressions that no macro binds, those within `where` phrases too. */
export function namesOf(expressions: readonly (string | undefined)[]): string[] {
  const names = expressions.flatMap((expression) => {
    if (expression === undefined) return [];
    const root = tryParse(expression);
    const selected = withoutSelections(expression).selections.map(({ name }) => name);
    return [...(root === null ? [] : freeNames(root)), ...selected];
  });
  return [...new Set(names)];
}

/** The parameters of a study's experiments, by name: all values that one can have. */
export function parametersOf({ experiments }: Study): ReadonlyMap<string, readonly ParameterValue[]> {
  const found = new Map<string, ParameterValue[]>();
  for (const { matrix } of experiments) {
    for (const [name, values] of Object.entries(matrix?.parameters ?? {})) {
      found.set(name, [...new Set([...(found.get(name) ?? []), ...values])]);
    }
  }
  return found;
}
