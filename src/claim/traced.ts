import { NotObserved } from '../observation/not-observed.ts';
import type { UnreadLine } from '../observation/types.ts';
import { excerpt } from './excerpt.ts';
import type { CelTypes } from '../observation/parser.ts';

/** One thing that an expression read: `isolated.received` is 0, `after.routes[0].device` is `veth0`. */
export interface ReadValue {
  /** From the variable on; `routes.size()` for a list that was gone through or counted. */
  readonly path: string;
  /** Long texts are cut. */
  readonly value: string | number | boolean | null;
}

/** How many values are kept of one expression, and how much of a text. */
const maxValues = 40;
const maxCharacters = 100;

/**
 * How much an expression may do: reads of fields, rounds of `exists` and the like, and the lengths of the lists and texts
 * that they go through. It is some hundred times what a claim over a routing table of 1,000 lines needs.
 */
const maxSteps = 1_000_000;

/** The same of all expressions of a study together: some seconds. A Ctrl-C of a run is heard between two claims. */
const maxStepsInAll = 5_000_000;

/** What several expressions may still do together. */
export class Budget {
  #left = maxStepsInAll;

  spend(steps: number): void {
    this.#left -= steps;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}

/** What an expression read: values, and the lines of captures that they came from. */
export class Trace {
  readonly #lines = new Map<string, Set<number>>();
  readonly #lastInTerm = new Map<string, number>();
  readonly #allInTerm = new Map<string, Set<number>>();
  readonly #decisive = new Map<string, Set<number>>();
  readonly #values = new Map<string, ReadValue['value']>();
  readonly #budget: Budget;
  #hasMoreValues = false;
  #steps = 0;
  /** The capture of which something was asked that is not read. */
  unread: string | null = null;
  /** Of the lists that may lack something: how long each is as far as it is read, and what a loop goes through. */
  readonly #partialLists = new WeakMap<object, { readonly length: number; readonly rounds: object }>();

  constructor(budget = new Budget()) {
    this.#budget = budget;
  }

  addPartialList(list: object, known: { readonly length: number; readonly rounds: object }): void {
    this.#partialLists.set(list, known);
  }

  /** What a loop goes through for a list: where that may lack something, what is known of it, and then an end that throws. */
  roundsOf(list: unknown): unknown {
    return (typeof list === 'object' && list !== null && this.#partialLists.get(list)?.rounds) || list;
  }

  /** Of a list or a text, as far as it is read; 0 for all else. */
  lengthOf(value: unknown): number {
    if (typeof value !== 'string' && !Array.isArray(value)) return 0;
    if (typeof value === 'string') return value.length;
    return this.#partialLists.get(value)?.length ?? value.length;
  }

  /** Notes a look at a variable; `line` null where what was read has none. */
  touch(variable: string, line: number | null): void {
    const lines = this.#lines.get(variable) ?? new Set();
    this.#lines.set(variable, lines);
    if (line === null) return;
    lines.add(line);
    this.#lastInTerm.set(variable, line);
    this.#allInTerm.set(variable, (this.#allInTerm.get(variable) ?? new Set()).add(line));
  }

  /** What was read in this term is what a value is made of: all of it decides, and not the last look alone. */
  decideByAll(): void {
    for (const [variable, lines] of this.#allInTerm) this.#addDecisive(variable, lines);
  }

  #addDecisive(variable: string, lines: Iterable<number>): void {
    this.#decisive.set(variable, new Set([...(this.#decisive.get(variable) ?? []), ...lines]));
  }

  read(path: string, value: ReadValue['value']): void {
    if (this.#values.has(path)) return;
    if (this.#values.size >= maxValues) this.#hasMoreValues = true;
    else this.#values.set(path, typeof value === 'string' ? excerpt(value, maxCharacters) : value);
  }

  /** What is read from here on belongs to the next term of the conjunction. */
  endTerm(): void {
    for (const [variable, line] of this.#lastInTerm) this.#addDecisive(variable, [line]);
    this.#lastInTerm.clear();
    this.#allInTerm.clear();
  }

  spend(steps: number): void {
    this.#steps += steps;
    this.#budget.spend(steps);
  }

  get isTooCostly(): boolean {
    return this.#steps > maxSteps || this.#budget.isSpent;
  }

  /**
   * By variable, in the order of the first look at each: the line that was read last in each term, and all lines; in
   * order, each once.
   */
  entries(): { readonly variable: string; readonly last: readonly number[]; readonly all: readonly number[] }[] {
    this.endTerm();
    return [...this.#lines].map(([variable, lines]) => ({
      variable,
      last: inOrder(this.#decisive.get(variable) ?? []),
      all: inOrder(lines),
    }));
  }

  /** In the order of the first look at each. */
  values(): readonly ReadValue[] {
    return [...this.#values].map(([path, value]) => ({ path, value }));
  }

  /** Whether more was read than `values` holds. */
  get hasMoreValues(): boolean {
    return this.#hasMoreValues;
  }
}

/** What was read in the course of several evaluations, each value once; `moreValues`: there were more. */
export function valuesRead(traces: readonly Trace[]): { values: readonly ReadValue[]; moreValues: boolean } {
  const values = new Map(traces.flatMap((trace) => trace.values()).map((value) => [value.path, value]));
  return {
    values: [...values.values()].slice(0, maxValues),
    moreValues: values.size > maxValues || traces.some(({ hasMoreValues }) => hasMoreValues),
  };
}

function inOrder(lines: Iterable<number>): number[] {
  return [...lines].sort((a, b) => a - b);
}

/** An expression asks what a line that is not read may decide. */
export class UndecidedByLine extends Error {
  override readonly name = 'UndecidedByLine';
  readonly variable: string;
  readonly unread: UnreadLine;

  constructor(variable: string, unread: UnreadLine) {
    super(`line ${unread.line} of ${variable}, which is not read, may decide otherwise`);
    this.variable = variable;
    this.unread = unread;
  }
}

/** An expression asks what was not observed. */
export class UndecidedByQuestion extends Error {
  override readonly name = 'UndecidedByQuestion';
  readonly variable: string;
  readonly reason: string;

  constructor(variable: string, reason: string) {
    super(`${variable} does not tell it: ${reason}`);
    this.variable = variable;
    this.reason = reason;
  }
}

/**
 * Wraps an observation for an expression: whole numbers become CEL's `int` (a BigInt here), and each look at a field is
 * noted with the line that the object was read from.
 *
 * `unread`: the first line that is not read, null where all are. Then any list may hold more than is known of it, and what
 * would be otherwise with one more element throws `UndecidedByLine`: its length, its end, and an element by its place,
 * unless that stands above the line. CEL's `&&`, `||`, `exists` and `all` take an error for a value that is not known, so
 * that what decides in spite of it does.
 */
export function traced(variable: string, value: unknown, { type, types, trace, unread = null }: TraceOptions): unknown {
  return wrap(value, { type, line: null, path: variable, isOfWhole: false });

  function wrap(inner: unknown, place: Place): unknown {
    if (typeof inner !== 'object' || inner === null) return leaf(inner, place);
    const line = lineOf(inner, place);
    const fields = types[place.type];
    const element = place.type === 'dyn' ? 'dyn' : /^list<(.+)>$/.exec(place.type)?.[1];
    // Of a command that is not read only the end can be asked: its observation has none of the other fields.
    const isLacking = (target: object, key: string | symbol): boolean =>
      inner === value && fields !== undefined && Object.hasOwn(fields, key) && !Object.hasOwn(target, key);
    const refuseLacking = (target: object, key: string | symbol): void => {
      if (!isLacking(target, key)) return;
      trace.unread ??= variable;
      throw new Error(`${variable} is not read`);
    };
    const wrapped: object = new Proxy(inner, {
      getOwnPropertyDescriptor(target, key) {
        refuseLacking(target, key);
        const descriptor = Reflect.getOwnPropertyDescriptor(target, key);
        refuseUnobserved(descriptor?.value);
        return descriptor;
      },
      get(target, key, receiver) {
        refuseLacking(target, key);
        const field: unknown = Reflect.get(target, key, receiver);
        refuseUnobserved(field);
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return field;
        trace.spend(1);
        if (key === 'length') {
          return leaf(field, { type: 'length', line, path: `${place.path}.size()`, isOfWhole: false });
        }
        const type = element ?? fields?.[key];
        if (type === undefined) return field;
        const isLine = place.path === `${variable}.lines`;
        const at = isLine ? Number(key) + 1 : line;
        if (!Array.isArray(inner) || isLine) trace.touch(variable, at);
        const path = Array.isArray(inner) ? `${place.path}[${key}]` : `${place.path}.${key}`;
        return wrap(field, { type, line: at, path, isOfWhole: inner === value });
      },
    });
    return unread !== null && Array.isArray(inner) && mayLack(element, place)
      ? partial(inner, wrapped, unread)
      : wrapped;
  }

  function refuseUnobserved(field: unknown): void {
    if (field instanceof NotObserved) throw new UndecidedByQuestion(variable, field.reason);
  }

  /** What a line holds itself, as the flags of a device, is whole; of a topology all is but its routes. */
  function mayLack(element: string | undefined, place: Place): boolean {
    if (type === 'Topology') return element === 'TopologyRoute';
    if (place.path === `${variable}.lines`) return false;
    return place.isOfWhole || (element !== undefined && element in types);
  }

  /** A list of which more may be than is known. `known`: the same, wrapped. */
  function partial(list: readonly unknown[], known: object, first: UnreadLine): object {
    const undecided = (): never => {
      throw new UndecidedByLine(variable, first);
    };
    const rounds = new Proxy(known, {
      get(target, key): unknown {
        if (key === 'length') return list.length + 1;
        return key === String(list.length) ? undecided() : Reflect.get(target, key);
      },
    });
    // To choose an operator's overload cel-js asks of what type the first element is, and before that `instanceof Array`;
    // an index of the expression it takes without that.
    let isTypeAsked = false;
    const wrapped = new Proxy(known, {
      getPrototypeOf(target) {
        isTypeAsked = true;
        return Reflect.getPrototypeOf(target);
      },
      get(target, key): unknown {
        const isForType = isTypeAsked && key === '0';
        isTypeAsked = false;
        if (isForType) return Reflect.get(target, key);
        if (key === Symbol.iterator) {
          return function* (): Generator {
            for (const index of list.keys()) yield Reflect.get(target, String(index));
            undecided();
          };
        }
        if (key === 'length') return undecided();
        if (typeof key === 'string' && /^\d+$/.test(key) && !standsAbove(list[Number(key)], first)) return undecided();
        return Reflect.get(target, key);
      },
    });
    trace.addPartialList(wrapped, { length: list.length, rounds });
    return wrapped;
  }

  function leaf(value: unknown, { type, path }: Place): unknown {
    if (isReadable(value)) trace.read(path, value);
    return type === 'int' && typeof value === 'number' ? BigInt(value) : value;
  }
}

interface TraceOptions {
  /** The variable's, by its name in `types`. */
  readonly type: string;
  readonly types: CelTypes;
  readonly trace: Trace;
  readonly unread?: UnreadLine | null;
}

/** A row of a study's own table has its line, and no prototype; in a JSON value `line` is a key like any other. */
function lineOf(inner: object, { type, line }: Place): number | null {
  const hasLine = type !== 'dyn' || Object.getPrototypeOf(inner) === null;
  return hasLine && 'line' in inner && typeof inner.line === 'number' ? inner.line : line;
}

/** Where a value stands in the observation of a variable. */
interface Place {
  /** Its type in expressions. */
  readonly type: string;
  /** Of the capture; null where it has none. */
  readonly line: number | null;
  readonly path: string;
  /** Whether it is a field of the observation itself. */
  readonly isOfWhole: boolean;
}

function standsAbove(element: unknown, { line }: UnreadLine): boolean {
  const isPlaced = typeof element === 'object' && element !== null && 'line' in element;
  return isPlaced && typeof element.line === 'number' && element.line < line;
}

function isReadable(value: unknown): value is ReadValue['value'] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
