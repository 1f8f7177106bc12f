import type { Environment } from '@marcbachmann/cel-js';
import { median, quantile, sampleDeviation } from '../core/statistics.ts';
import type { Trace } from './traced.ts';

/**
 * What expressions know beside CEL's own functions: statistics of lists of numbers, functions of one number, and arithmetic of
 * whole numbers with others, which CEL keeps apart (`2 * rtt` is an error there).
 */
interface Statistic {
  readonly of: (values: readonly number[], parameter: number) => number;
  /** Fewer values than this have no such statistic. */
  readonly least: number;
  /** Said behind its value, where there is more than one. */
  readonly estimator?: string;
  /** A second argument. */
  readonly parameter?: true;
}

const statistics = {
  sum: { of: (values) => values.reduce((sum, value) => sum + value, 0), least: 0 },
  min: { of: (values) => values.reduce((least, value) => Math.min(least, value)), least: 1 },
  max: { of: (values) => values.reduce((most, value) => Math.max(most, value)), least: 1 },
  mean: { of: (values) => values.reduce((sum, value) => sum + value, 0) / values.length, least: 1 },
  median: { of: median, least: 1 },
  quantile: { of: quantile, least: 1, parameter: true, estimator: 'linear between the nearest ranks' },
  stdev: { of: sampleDeviation, least: 2, estimator: 'of a sample: n − 1' },
} satisfies Readonly<Record<string, Statistic>>;

type StatisticName = keyof typeof statistics;

/** The names of the functions that an expression's text gets its own text for: see metered.ts. */
export const statisticNames: ReadonlySet<string> = new Set([...Object.keys(statistics), 'count', 'ratio']);

/** Of one number. What is not defined there ends the evaluation. */
const arithmetic = {
  abs: Math.abs,
  sqrt: (value) => (value < 0 ? refuse(`the square root of ${value}`) : Math.sqrt(value)),
  ln: (value) => (value <= 0 ? refuse(`the logarithm of ${value}`) : Math.log(value)),
  round: Math.round,
} satisfies Readonly<Record<string, (value: number) => number>>;

/** What an expression can call with one number. */
export const arithmeticNames: ReadonlySet<string> = new Set(Object.keys(arithmetic));

function refuse(what: string): never {
  throw new RangeError(what);
}

const lists = ['list<int>', 'list<double>', 'list<dyn>'];
const numbers = ['int', 'double'];

/** For the types alone. */
export function declareFunctions(environment: Environment): void {
  const nothing = (): number => 0;
  for (const list of lists) {
    for (const [name, statistic] of Object.entries<Statistic>(statistics)) {
      const parameters = statistic.parameter ? numbers.map((type) => `${list}, ${type}`) : [list];
      for (const each of parameters) environment.registerFunction(`${name}(${each}): double`, nothing);
    }
  }
  environment.registerFunction('count(list): int', () => 0n);
  registerArithmetic(environment);
  for (const a of numbers) for (const b of numbers) environment.registerFunction(`ratio(${a}, ${b}): double`, nothing);
  registerMixed(environment);
}

function registerArithmetic(environment: Environment): void {
  for (const [name, of] of Object.entries<(value: number) => number>(arithmetic)) {
    for (const type of numbers) {
      environment.registerFunction(`${name}(${type}): double`, (value: unknown) => of(numberOf(name, value)));
    }
  }
}

/** Whole numbers are BigInt here, and others numbers. */
function registerMixed(environment: Environment): void {
  type Operator = (a: number, b: number) => number | boolean;
  const operators: Readonly<Record<string, Operator>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '==': (a, b) => a === b,
  };
  for (const [operator, of] of Object.entries(operators)) {
    // An equality brings its mirror image with it.
    const mirrored = operator === '==' ? [] : [`double ${operator} int`];
    for (const types of [`int ${operator} double`, ...mirrored]) {
      environment.registerOperator(types, (a: bigint | number, b: bigint | number) => of(Number(a), Number(b)));
    }
  }
}

/** Functions that compute; each tells the trace its value, with how many values it is of. */
export function registerFunctions(environment: Environment, called: (name: string) => string, trace: Trace): void {
  const told = (text: string, value: number): number => {
    trace.read(text, value);
    trace.decideByAll();
    return value;
  };
  for (const [name, statistic] of Object.entries<Statistic>(statistics)) {
    const compute = (text: string, list: unknown, parameter: unknown = 0): number => {
      const values = numbersOf(name as StatisticName, list, trace);
      const value = statistic.of(values, Number(parameter));
      const estimator = statistic.estimator === undefined ? '' : `, ${statistic.estimator}`;
      return told(`${text} (n = ${values.length}${estimator})`, value);
    };
    const parameters = statistic.parameter ? 'string, dyn, dyn' : 'string, dyn';
    environment.registerFunction(`${called(name)}(${parameters}): double`, compute);
  }
  environment.registerFunction(`${called('count')}(string, dyn): int`, (text: string, list: unknown) =>
    BigInt(told(text, elementsOf(list, trace).length)),
  );
  environment.registerFunction(
    `${called('ratio')}(string, dyn, dyn): double`,
    (text: string, a: unknown, b: unknown) => {
      const divisor = numberOf('ratio', b);
      if (divisor === 0) throw new RangeError('the second number of a ratio is 0');
      return told(text, numberOf('ratio', a) / divisor);
    },
  );
  registerArithmetic(environment);
  registerMixed(environment);
}

function numbersOf(name: StatisticName, list: unknown, trace: Trace): number[] {
  const values = elementsOf(list, trace).map((value) => numberOf(name, value));
  const { least } = statistics[name];
  if (values.length < least) throw new RangeError(`the ${name} of ${values.length === 0 ? 'no value' : 'one value'}`);
  return values;
}

function elementsOf(list: unknown, trace: Trace): unknown[] {
  if (!Array.isArray(list)) throw new TypeError('this is no list');
  trace.spend(trace.lengthOf(list));
  return trace.isTooCostly ? [] : [...(list as unknown[])];
}

function numberOf(name: string, value: unknown): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  throw new TypeError(`the ${name} of what is no number: ${value === null ? 'null' : typeof value}`);
}
