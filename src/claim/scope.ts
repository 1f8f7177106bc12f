import type { GuestTraits } from '../core/guest-traits.ts';
import type { Failure } from '../evidence/failures.ts';
import type { AskedNeed } from '../evidence/needs.ts';
import { cellText, type Combination, type ParameterValue } from '../study/parameters.ts';
import type { Claim, Experiment } from '../study/schema.ts';
import { CellObservations, MeasuredValues, type CellObservation, type MeasuredValue } from './bound.ts';
import { CellNames, combinationsFor, isSingle, namesOf, parametersOf, type CellName, type Written } from './cells.ts';
import { unreadLine, valueOf } from './value-of.ts';
import { evaluateExpression, evaluateNumber, type Evaluation, type Variables } from './expression.ts';
import type { Observed } from './observations.ts';
import { Budget } from './traced.ts';
import { isListed, isMeasure, isParameter, type ObservedKind, type ParameterType, type VariableKind } from './types.ts';
import { withoutSelections, type Condition } from './where.ts';

/** Why there is nothing of a capture or a topology. */
export type SkipReason =
  /** The experiment that shows it was not asked for (`--only`); or the step of it (`--until`). */
  | { readonly kind: 'not-run'; readonly experiment: string; readonly step?: string }
  /** The guest lacks what the experiment needs. */
  | { readonly kind: 'lacks'; readonly experiment: string; readonly lacks: readonly AskedNeed[] };

/** What stands in the way of a claim on a capture or a topology, by its name. */
export interface Doubts {
  /** Why what gives it did not run. */
  readonly skipped: ReadonlyMap<string, SkipReason>;
  /** The unexpected failure that came before it. */
  readonly failuresBefore: ReadonlyMap<string, Failure>;
}

/**
 * The variables of expressions that are evaluated for each value of these parameters: the study's captures, topologies and
 * measures, and the parameters themselves. What is of several runs is a list.
 */
export function variablesFor(
  written: Written,
  parametersFor: readonly string[] = [],
  cells = new CellNames(written),
): Variables {
  const { study } = written;
  const isOne = (name: string): boolean => isOneRun(cells.experimentOf(name), parametersFor);
  const parameters = parametersOf(study);
  return new Map<string, VariableKind>([
    ...observedKinds(written).map(([name, kind]) => [name, isOne(name) ? kind : { cells: kind }] as const),
    ...Object.keys(study.measures ?? {}).map((name) => [name, { measure: isOne(name) ? 'one' : 'list' }] as const),
    ...parametersFor.map((name) => [name, { parameter: parameterType(parameters.get(name) ?? []) }] as const),
  ]);
}

/** The variables of an expression that is evaluated for each run of an experiment, as that of a measure is. */
export function variablesOfRun(written: Written, { matrix }: Experiment): Variables {
  const parameters = Object.entries(matrix?.parameters ?? {});
  return new Map<string, VariableKind>([
    ...observedKinds(written),
    ...parameters.map(([name, values]) => [name, { parameter: parameterType(values) }] as const),
  ]);
}

function observedKinds({ index }: Written): [string, ObservedKind][] {
  return [
    ...[...index.captures.values()].map(({ name, parser }): [string, ObservedKind] => [name, parser ?? 'capture']),
    ...[...index.topologies.keys()].map((name): [string, ObservedKind] => [name, 'topology']),
  ];
}

function isOneRun(experiment: Experiment | undefined, parametersFor: readonly string[]): boolean {
  return experiment?.matrix === undefined || isSingle(experiment.matrix, parametersFor);
}

export function parameterType(values: readonly ParameterValue[]): ParameterType {
  const [first] = values;
  if (typeof first === 'string') return 'string';
  if (typeof first === 'boolean') return 'bool';
  return values.every((value) => Number.isSafeInteger(value)) ? 'int' : 'double';
}

/** The kind of what a `where` phrase picks of a variable: a list, also of what is one. */
export function selectedKind(kind: VariableKind): VariableKind {
  if (isMeasure(kind)) return { measure: 'list' };
  return isListed(kind) || isParameter(kind) ? kind : { cells: kind };
}

/** The variables of an expression, and those that stand for its `where` phrases. */
export function withSelected(expression: string, variables: Variables): Variables {
  const { selections } = withoutSelections(expression);
  if (selections.length === 0) return variables;
  const selected = selections.flatMap(({ alias, name }) => {
    const kind = variables.get(name);
    return kind === undefined ? [] : [[alias, selectedKind(kind)] as const];
  });
  return new Map([...variables, ...selected]);
}

/** A measure's value in one run of its experiment, or why it has none there. */
export interface MeasuredRow {
  readonly cell: CellName | null;
  /** The captures that it is computed from, by their names in the run. */
  readonly captures: readonly string[];
  readonly evaluation: Evaluation<number>;
}

/** What the expressions of a study's claims are evaluated over: all that one run observed. */
export class Court {
  readonly written: Written;
  readonly observed: ReadonlyMap<string, Observed>;
  /** What is known of the run's guest; null: there was none. */
  readonly guest: GuestTraits | null;
  readonly cells: CellNames;
  readonly budget = new Budget();
  readonly #measured = new Map<string, readonly MeasuredRow[]>();

  constructor(written: Written, observed: ReadonlyMap<string, Observed>, guest: GuestTraits | null = null) {
    this.written = written;
    this.observed = observed;
    this.guest = guest;
    this.cells = new CellNames(written);
  }

  /** What a claim is judged for, one after the other. */
  scopesOf(claim: Claim): Scope[] {
    const combinations = combinationsFor(claim, this.written, this.cells);
    const variables = variablesFor(this.written, claim.for, this.cells);
    return combinations.map((combination) => new Scope(this, variables, combination));
  }

  /** What the names of an expression mean that is judged for no parameter. `leftOut`: names in the run that are not looked at. */
  scope(leftOut: (name: string) => boolean = () => false): Scope {
    return new Scope(this, variablesFor(this.written, [], this.cells), {}, leftOut);
  }

  /** A measure in each run of its experiment, in their order. */
  measured(name: string): readonly MeasuredRow[] {
    const known = this.#measured.get(name);
    if (known !== undefined) return known;
    const measure = this.cells.measure(name);
    const experiment = this.cells.experimentOf(name);
    if (measure === undefined || experiment === undefined) return [];
    const names = this.cells.capturesOfMeasure(measure);
    const variables = variablesOfRun(this.written, experiment);
    const rows = (this.cells.cellsOf(experiment, {}) ?? [null]).map((cell): MeasuredRow => {
      const suffix = cell?.suffix ?? '';
      const values = new Map<string, unknown>([
        ...names.map((each) => [each, new CellObservations([this.observation(each + suffix)])] as const),
        ...Object.entries(cell?.cell.parameters ?? {}),
      ]);
      const evaluation = evaluateNumber(measure.of, variables, values, new Map(), this.budget);
      return { cell, captures: names.map((each) => each + suffix), evaluation };
    });
    this.#measured.set(name, rows);
    return rows;
  }

  /** The experiment in the study's file that gives a capture or a topology of the run. */
  writtenExperiment(name: string): Experiment | undefined {
    const [base = name] = name.split('.', 1);
    return this.cells.experimentOf(base);
  }

  /** `name`: as it is in the run. */
  observation(name: string): CellObservation {
    const observed = this.observed.get(name);
    const [line] = unreadLine(name, observed);
    return { name, value: valueOf(observed), unread: line?.[1] ?? null };
  }
}

/** What the names of a claim's expressions mean for one combination of the values of its parameters. */
export class Scope {
  readonly combination: Combination;
  readonly variables: Variables;
  readonly #court: Court;
  readonly #leftOut: (name: string) => boolean;

  constructor(
    court: Court,
    variables: Variables,
    combination: Combination,
    leftOut: (name: string) => boolean = () => false,
  ) {
    this.#court = court;
    this.variables = variables;
    this.combination = combination;
    this.#leftOut = leftOut;
  }

  get observed(): ReadonlyMap<string, Observed> {
    return this.#court.observed;
  }

  /** The captures and topologies of the run that expressions name, in the order of the study. */
  namesIn(expressions: readonly (string | undefined)[]): string[] {
    const direct = namesOf(expressions.map((expression) => expression && withoutSelections(expression).text));
    const names = direct.flatMap((name) => this.#namesBehind(name, []));
    const selected = expressions
      .flatMap((expression) => withoutSelections(expression ?? '').selections)
      .flatMap(({ name, conditions }) => this.#namesBehind(name, conditions));
    const found = new Set([...names, ...selected]);
    const inOrder = [...this.#court.observed.keys()].filter((name) => found.has(name));
    return [...new Set([...inOrder, ...found])];
  }

  #namesBehind(name: string, conditions: readonly Condition[]): string[] {
    const { cells } = this.#court;
    const measure = cells.measure(name);
    const bases = measure === undefined ? [name] : cells.capturesOfMeasure(measure);
    if (!this.variables.has(name)) return [];
    const experiment = cells.experimentOf(name);
    if (experiment === undefined) return [];
    const found = cells.cellsOf(experiment, this.combination, conditions);
    if (found === null) return bases;
    return found.flatMap(({ suffix }) => bases.map((base) => base + suffix)).filter((each) => !this.#leftOut(each));
  }

  evaluate(expression: string): Evaluation {
    const { selections } = withoutSelections(expression);
    const variables = withSelected(expression, this.variables);
    const values = new Map<string, unknown>();
    for (const name of namesOf([expression])) {
      if (this.variables.has(name)) values.set(name, this.#valueOf(name, []));
    }
    for (const { alias, name, conditions } of selections) values.set(alias, this.#valueOf(name, conditions));
    return evaluateExpression(expression, variables, values, new Map(), this.#court.budget);
  }

  #valueOf(name: string, conditions: readonly Condition[]): unknown {
    if (Object.hasOwn(this.combination, name)) return this.combination[name];
    const isMeasure = this.#court.cells.measure(name) !== undefined;
    return isMeasure ? this.#measuredValues(name, conditions) : this.#observations(name, conditions);
  }

  #observations(name: string, conditions: readonly Condition[]): CellObservations {
    return new CellObservations(this.#namesBehind(name, conditions).map((each) => this.#court.observation(each)));
  }

  #measuredValues(name: string, conditions: readonly Condition[]): MeasuredValues {
    const { cells } = this.#court;
    const experiment = cells.experimentOf(name);
    const wanted = new Set(experiment && cells.cellsOf(experiment, this.combination, conditions));
    const rows = this.#court
      .measured(name)
      .filter(({ cell, captures }) => cell === null || (wanted.has(cell) && !captures.some(this.#leftOut)));
    return new MeasuredValues(rows.flatMap((row) => measuredValue(name, row)));
  }

  /** Why a measure that the expressions name has no value in a run that they speak of; null where each has one. */
  unmeasured(
    expressions: readonly (string | undefined)[],
  ): { readonly name: string; readonly row: MeasuredRow } | null {
    const names = new Set(this.namesIn(expressions));
    for (const name of namesOf(expressions)) {
      if (this.#court.cells.measure(name) === undefined) continue;
      const row = this.#court
        .measured(name)
        .find((each) => each.evaluation.state !== 'value' && each.captures.some((capture) => names.has(capture)));
      if (row !== undefined) return { name, row };
    }
    return null;
  }
}

function measuredValue(name: string, { cell, evaluation }: MeasuredRow): MeasuredValue[] {
  if (evaluation.state !== 'value') return [];
  const path = cell === null ? name : `${name} (${cellText(cell.cell)})`;
  return [{ path, value: evaluation.value, lines: evaluation.trace.entries() }];
}
