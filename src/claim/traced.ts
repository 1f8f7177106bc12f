import { celTypes } from './types.ts';

/** Which line of a capture an expression read last, and all lines that it read; null where a value has no line. */
export class Trace {
  /** The capture of which something was asked that is not read. */
  unread: string | null = null;
  readonly #lines = new Map<string, number[]>();

  touch(variable: string, line: number | null): void {
    const lines = this.#lines.get(variable) ?? [];
    if (line !== null) lines.push(line);
    this.#lines.set(variable, lines);
  }

  /** In the order of the first look at each variable. */
  entries(): { readonly variable: string; readonly last: number | null; readonly all: readonly number[] }[] {
    return [...this.#lines].map(([variable, lines]) => ({
      variable,
      last: lines.at(-1) ?? null,
      all: [...new Set(lines)].sort((a, b) => a - b),
    }));
  }
}

/**
 * Wraps an observation for an expression: whole numbers become CEL's `int` (a BigInt here), and each look at a field is
 * noted with the line that the object was read from.
 */
export function traced(variable: string, value: unknown, type: string, trace: Trace): unknown {
  return wrap(value, type, null);

  function wrap(inner: unknown, innerType: string, line: number | null): unknown {
    if (innerType === 'int' && typeof inner === 'number') return BigInt(inner);
    if (typeof inner !== 'object' || inner === null) return inner;
    const ownLine = 'line' in inner && typeof inner.line === 'number' ? inner.line : line;
    const fields = celTypes[innerType];
    const element = /^list<(.+)>$/.exec(innerType)?.[1];
    // Of a command that is not read only the end can be asked: its observation has none of the other fields.
    const isLacking = (target: object, key: string | symbol): boolean =>
      inner === value && fields !== undefined && Object.hasOwn(fields, key) && !Object.hasOwn(target, key);
    const refuseLacking = (target: object, key: string | symbol): void => {
      if (!isLacking(target, key)) return;
      trace.unread ??= variable;
      throw new Error(`${variable} is not read`);
    };
    return new Proxy(inner, {
      getOwnPropertyDescriptor(target, key) {
        refuseLacking(target, key);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      get(target, key, receiver) {
        refuseLacking(target, key);
        const field: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return field;
        const fieldType = element ?? fields?.[key];
        if (fieldType === undefined || key === 'length') return field;
        if (element === undefined) trace.touch(variable, ownLine);
        return wrap(field, fieldType, ownLine);
      },
    });
  }
}
