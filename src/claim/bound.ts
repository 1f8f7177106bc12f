import type { UnreadLine } from '../observation/types.ts';
import type { ParameterValue } from '../study/parameters.ts';
import type { CelTypes } from '../observation/parser.ts';
import { traced, type Trace } from './traced.ts';
import { isListed, isMeasure, isParameter, observedType, type VariableKind } from './types.ts';

/** What was observed in one of several runs, by its name there. */
export interface CellObservation {
  readonly name: string;
  readonly value: unknown;
  readonly unread: UnreadLine | null;
}

/** What was observed in each of several runs, or in one whose name for it is not the variable's. */
export class CellObservations {
  readonly elements: readonly CellObservation[];

  constructor(elements: readonly CellObservation[]) {
    this.elements = elements;
  }
}

/** The value of a measure in one run. */
export interface MeasuredValue {
  /** As it is told: `rtt{delay = 10}`. */
  readonly path: string;
  readonly value: number;
  /** What it was read from. */
  readonly lines: readonly { readonly variable: string; readonly last: readonly number[] }[];
}

/** The value of a variable that is a measure. */
export class MeasuredValues {
  readonly elements: readonly MeasuredValue[];

  constructor(elements: readonly MeasuredValue[]) {
    this.elements = elements;
  }
}

interface Variable {
  readonly name: string;
  readonly kind: VariableKind;
  readonly value: unknown;
  readonly unread: UnreadLine | null;
}

/** Whether some of what the variables stand for is read in part. */
export function isPartial(values: ReadonlyMap<string, unknown>, unread: ReadonlyMap<string, UnreadLine>): boolean {
  if (unread.size > 0) return true;
  return [...values.values()].some(
    (value) => value instanceof CellObservations && value.elements.some((each) => each.unread !== null),
  );
}

/** The value of a variable, so that each look at it is noted. */
export function bound({ name, kind, value, unread }: Variable, types: CelTypes, trace: Trace): unknown {
  if (isParameter(kind)) return parameterValue(value as ParameterValue, kind.parameter);
  if (isMeasure(kind)) {
    const { elements } = value as MeasuredValues;
    const read = (element: MeasuredValue): number => {
      for (const { variable, last } of element.lines) {
        trace.touch(variable, null);
        for (const line of last) trace.touch(variable, line);
      }
      trace.read(element.path, element.value);
      return element.value;
    };
    const [only] = elements;
    if (kind.measure === 'one') return only === undefined ? undefined : read(only);
    return watched(elements, read, ({ lines }) => {
      for (const { variable } of lines) trace.touch(variable, null);
    });
  }
  if (isListed(kind)) {
    const { cells } = kind;
    const touch = (element: CellObservation): void => {
      trace.touch(element.name, null);
    };
    const read = (element: CellObservation): unknown => {
      touch(element);
      const type = observedType(cells, name);
      return traced(element.name, element.value, { type, types, trace, unread: element.unread });
    };
    return watched((value as CellObservations).elements, read, touch);
  }
  const type = observedType(kind, name);
  if (!(value instanceof CellObservations)) return traced(name, value, { type, types, trace, unread });
  const [only] = value.elements;
  return only && traced(only.name, only.value, { type, types, trace, unread: only.unread });
}

/** A list that tells which of its elements is looked at; to count them is to look at that they are there. */
function watched<T>(elements: readonly T[], read: (element: T) => unknown, count: (element: T) => void): unknown[] {
  return new Proxy(elements as unknown[], {
    get(target, key, receiver): unknown {
      if (key === 'length') for (const element of elements) count(element);
      if (typeof key !== 'string' || !/^\d+$/.test(key)) return Reflect.get(target, key, receiver) as unknown;
      const element = elements[Number(key)];
      return element === undefined ? undefined : read(element);
    },
  });
}

function parameterValue(value: ParameterValue, type: string): unknown {
  return type === 'int' ? BigInt(Number(value)) : value;
}
