import type { ParameterValue } from '../study/parameters.ts';

/**
 * `goodput where algorithm is bbr and loss is 8`: of the values of a measure, or of a capture, those of some cells. CEL has no
 * such phrase; a name of the same length takes its place, so that every other character keeps its own.
 */
export interface Selection {
  /** The name that stands for it. No capture has such a one: they have no capitals. */
  readonly alias: string;
  /** Of the measure or the capture. */
  readonly name: string;
  readonly conditions: readonly Condition[];
  /** Which characters of the expression it is. */
  readonly range: TextRange;
}

export interface Condition {
  readonly parameter: string;
  readonly comparison: Comparison;
  readonly value: ParameterValue;
  readonly range: TextRange;
}

export type Comparison = 'is' | 'is not' | '<' | '<=' | '>' | '>=';

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const conditionPattern =
  /([a-z][a-z0-9_]*)\s+(?:(is\s+not|is)\s+|(<=|>=|<|>)\s*)("[^"\\]*"|'[^'\\]*'|-?\d+(?:\.\d+)?(?![\w.])|[A-Za-z_][\w.-]*)/y;
const headPattern = /([a-z][a-z0-9_]*)\s+where\s+/y;
const andPattern = /\s+and\s+/y;

/** The expression as CEL takes it, of the same length, and the phrases that were in it. */
export function withoutSelections(expression: string): {
  readonly text: string;
  readonly selections: readonly Selection[];
} {
  if (!/\bwhere\b/.test(expression)) return { text: expression, selections: [] };
  const selections: Selection[] = [];
  let [text, at] = ['', 0];
  while (at < expression.length) {
    const quoted = quotedAt(expression, at);
    const selection = quoted === null ? selectionAt(expression, at, selections.length + 1) : null;
    if (selection !== null) {
      selections.push(selection);
      text += selection.alias.padEnd(selection.range.end - at);
      at = selection.range.end;
      continue;
    }
    const piece = quoted ?? /^(?:\w+|[^])/.exec(expression.slice(at))?.[0] ?? '';
    text += piece;
    at += piece.length;
  }
  return { text, selections };
}

/** A text in quotation marks, in which no phrase is looked for. */
function quotedAt(expression: string, at: number): string | null {
  const pattern = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
  pattern.lastIndex = at;
  return pattern.exec(expression)?.[0] ?? null;
}

function selectionAt(expression: string, start: number, number: number): Selection | null {
  const head = matchAt(headPattern, expression, start);
  if (head === null) return null;
  const conditions: Condition[] = [];
  let end = start + head[0].length;
  for (let from: number | null = end; from !== null;) {
    const condition = conditionAt(expression, from);
    if (condition === null) break;
    conditions.push(condition);
    end = condition.range.end;
    const and = matchAt(andPattern, expression, end);
    from = and === null ? null : end + and[0].length;
  }
  if (conditions.length === 0) return null;
  return { alias: `Where${number}`, name: head[1] ?? '', conditions, range: { start, end } };
}

function conditionAt(expression: string, start: number): Condition | null {
  const found = matchAt(conditionPattern, expression, start);
  if (found === null) return null;
  const [whole, parameter = '', words, sign, value = ''] = found;
  const comparison = (sign ?? words?.replace(/\s+/, ' ') ?? 'is') as Comparison;
  return { parameter, comparison, value: valueOf(value), range: { start, end: start + whole.length } };
}

function valueOf(written: string): ParameterValue {
  if (/^["']/.test(written)) return written.slice(1, -1);
  if (written === 'true' || written === 'false') return written === 'true';
  return /^-?\d/.test(written) ? Number(written) : written;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a cell has what the conditions say. A parameter that its experiment has not is never so. */
export function fits(parameters: Readonly<Record<string, ParameterValue>>, conditions: readonly Condition[]): boolean {
  return conditions.every(({ parameter, comparison, value }) => {
    const has = parameters[parameter];
    if (has === undefined) return false;
    switch (comparison) {
      case 'is':
        return has === value;
      case 'is not':
        return has !== value;
      case '<':
        return has < value;
      case '<=':
        return has <= value;
      case '>':
        return has > value;
      case '>=':
        return has >= value;
    }
  });
}
