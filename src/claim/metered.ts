import { Environment } from '@marcbachmann/cel-js';
import { compilePattern } from './pattern.ts';
import { registerFunctions, statisticNames } from './functions.ts';
import { endOf, limits, macroOf, nodesOf, parseExpression, textOf, type Macro, type Node } from './syntax.ts';
import type { Trace } from './traced.ts';
import { withoutSelections } from './where.ts';

/** The reason of an evaluation that came to no end within what an expression may do. */
export const tooCostly = 'it is too costly: it would have to go through too much';

/** What is written between the parts of an expression, so that it counts what it does and can be ended. */
const calls = {
  spent: 'refigure_spent',
  stop: 'refigure_stop',
  term: 'refigure_term',
  matches: 'refigure_matches',
  each: 'refigure_each',
};

/** Instructions of a pattern that are looked at for one character cost less than a field that is read. */
const instructionsPerStep = 20;

/**
 * Evaluates an expression so that it says to the trace where a term of its conjunction ends, and how much it has done.
 * Over the budget, its loops end at their next round; then what comes out means nothing: see `Trace.isTooCostly`.
 *
 * cel-js knows no such limit. Its macros leave the syntax tree at once, so the counters are written into the text: in
 * front of the body of a macro, which goes on to its end as the last part of a `?:` does, and behind each `&&`. Where a
 * capture is read in part (`isPartial`), what a macro goes through is asked of the trace: cel-js takes the length of a list
 * for a loop and for its size alike. Elsewhere it is not, for cel-js would look at a first element that nobody asked for.
 */
export function evaluateMetered(
  expression: string,
  variables: Readonly<Record<string, unknown>>,
  { trace, isPartial }: { readonly trace: Trace; readonly isPartial: boolean },
): unknown {
  const environment = new Environment({ limits: meteredLimits });
  for (const name of Object.keys(variables)) environment.registerVariable(name, 'dyn');
  environment.registerFunction(`${calls.spent}(dyn): bool`, (round: unknown) => {
    trace.spend(1 + trace.lengthOf(round));
    return trace.isTooCostly;
  });
  environment.registerFunction(`${calls.stop}(): dyn`, () => {
    throw new RangeError(tooCostly);
  });
  environment.registerFunction(`${calls.term}(): bool`, () => {
    trace.endTerm();
    return true;
  });
  environment.registerFunction(`dyn.${calls.each}(): dyn`, (list: unknown) => trace.roundsOf(list));
  environment.registerFunction(`string.${calls.matches}(string): bool`, (text: string, pattern: string) => {
    const program = compilePattern(pattern);
    trace.spend(Math.ceil((text.length * program.size) / instructionsPerStep));
    return !trace.isTooCostly && program.matches(text);
  });
  registerFunctions(environment, calledStatistic, trace);
  return environment.evaluate(withCounters(expression, isPartial), { ...variables });
}

/** The counters add to each macro and each term. */
const meteredLimits = { maxAstNodes: 8 * limits.maxAstNodes, maxDepth: 4 * limits.maxDepth };

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function withCounters(written: string, isPartial: boolean): string {
  const { text: expression } = withoutSelections(written);
  const root = parseExpression(written);
  const edits = [
    ...termEdits(root),
    ...[...nodesOf(root)].flatMap((node) => [
      ...(isPartial ? roundEdits(node) : []),
      ...macroEdits(node),
      ...matchEdits(node),
      ...statisticEdits(node, written),
    ]),
  ];
  let [text, at] = ['', 0];
  for (const edit of edits.sort((a, b) => a.from - b.from)) {
    text += expression.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return text + expression.slice(at);
}

function termEdits(node: Node): Edit[] {
  if (node.op !== '&&') return [];
  const [left, right] = node.args;
  const end = endOf(node.input, left.range.end, '&&');
  return [...termEdits(left), { from: end, to: end, text: ` ${calls.term}() &&` }, ...termEdits(right)];
}

/** What a round of a macro is taken for when no more may be done: what ends `exists` and `all`, which swallow errors. */
const rest: Readonly<Record<Macro['name'], string>> = {
  exists: 'true',
  all: 'false',
  exists_one: `${calls.stop}()`,
  filter: `${calls.stop}()`,
  map: `${calls.stop}()`,
  bind: `${calls.stop}()`,
};

function macroEdits(node: Node): Edit[] {
  const macro = macroOf(node);
  if (macro === null) return [];
  const end = endOf(node.input, macro.before.range.end, ',');
  return [{ from: end, to: end, text: ` ${calls.spent}(${macro.variable}) ? ${rest[macro.name]} :` }];
}

function matchEdits(node: Node): Edit[] {
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return [];
  const to = endOf(node.input, node.args[1].range.end, 'matches');
  return [{ from: to - 'matches'.length, to, text: calls.matches }];
}

/** A statistic is told with the text by which the study asks for it, which becomes its first argument. */
function statisticEdits(node: Node, written: string): Edit[] {
  if (node.op !== 'call' || !statisticNames.has(node.args[0])) return [];
  const [name] = node.args;
  const { start } = node.range;
  const open = endOf(node.input, start + name.length, '(');
  return [{ from: start, to: open, text: `${calledStatistic(name)}(${JSON.stringify(textOf(node, written))}, ` }];
}

function calledStatistic(name: string): string {
  return `refigure_${name}`;
}

/** Behind what a macro goes through, or `in` looks through. */
function roundEdits(node: Node): Edit[] {
  const macro = macroOf(node);
  const at = macro === null ? placeOfIn(node) : placeBeforeMacro(node, macro);
  return at === null ? [] : [{ from: at, to: at, text: `.${calls.each}()` }];
}

function placeOfIn(node: Node): number | null {
  return node.op === 'in' ? node.args[1].range.end : null;
}

function placeBeforeMacro(node: Node, macro: Macro): number | null {
  return macro.name === 'bind' ? null : endOf(node.input, macro.source.range.end, '.') - 1;
}
