import type { StudyProblem } from '../core/errors.ts';
import type { Study } from '../study/schema.ts';
import type { StudySource } from '../study/source.ts';
import type { StudyIndex } from '../study/study-index.ts';
import type { Written } from './cells.ts';
import { variablesFor } from './scope.ts';
import { childrenOf, freeNames, macroOf, termsOf, textOf, tryParse, type Node } from './syntax.ts';
import { isListed } from './types.ts';

/**
 * What is well formed and may uphold a claim by nothing: `.all(…)` is true of an empty list, and a list is empty where a
 * command printed nothing. A claim that says of the same list that it holds something is in order.
 */
export function claimWarnings(study: Study, index: StudyIndex, source: StudySource): StudyProblem[] {
  const filledByStudy = listsOfCells({ study, index });
  return study.claims.flatMap(({ id, given, expect }, at) => {
    const [presupposed, expected] = [tryParse(given ?? ''), tryParse(expect)];
    const known = [...filledByStudy, ...(presupposed === null ? [] : filled(termsOf(presupposed)))];
    const warn = (key: 'given' | 'expect', root: Node | null): StudyProblem[] =>
      (root === null ? [] : maybeEmpty(root, new Set(known)))
        // One that is written out is not empty.
        .filter((list) => freeNames(list).size > 0)
        .map((list) =>
          source.problem(
            ['claims', at, key],
            `claim '${id}', ${key}: ${messageOf(textOf(list, key === 'given' ? (given ?? '') : expect))}`,
          ),
        );
    return [...warn('given', presupposed), ...warn('expect', expected)];
  });
}

/** An experiment with parameters has cells, so that what is of them is not empty. */
function listsOfCells(written: Written): string[] {
  return [...variablesFor(written)].flatMap(([name, kind]) => (isListed(kind) ? [name] : []));
}

function messageOf(list: string): string {
  return `'${list}.all(…)' is true of an empty list, too; say that it holds something: ${list}.size() > 0`;
}

/** The lists that an `all` goes through and that nothing says to hold something; `known`: those that do, as they are written. */
function maybeEmpty(node: Node, known: ReadonlySet<string>): Node[] {
  // `!list.all(…)` is false of an empty list.
  if (node.op === '!_') return maybeEmpty(node.args, known).filter((list) => !isAllOf(node.args, list));
  if (node.op === '&&') {
    const terms = termsOf(node);
    const within = new Set([...known, ...filled(terms)]);
    return terms.flatMap((term) => maybeEmpty(term, within));
  }
  if (node.op === '?:') {
    const [condition, ...branches] = node.args;
    const within = new Set([...known, ...filled(termsOf(condition))]);
    return [...maybeEmpty(condition, known), ...branches.flatMap((branch) => maybeEmpty(branch, within))];
  }
  const below = childrenOf(node).flatMap((child) => maybeEmpty(child, known));
  const macro = macroOf(node);
  return macro?.name === 'all' && !known.has(keyOf(macro.source)) ? [macro.source, ...below] : below;
}

function isAllOf(node: Node, list: Node): boolean {
  const macro = macroOf(node);
  return macro?.name === 'all' && macro.source === list;
}

function keyOf(list: Node): string {
  return list.input.slice(list.range.start, list.range.end).replaceAll(/\s/g, '');
}

/** The lists that hold something where these terms are true. */
function filled(terms: readonly Node[]): string[] {
  return terms.flatMap((term) => {
    const macro = macroOf(term);
    if (macro?.name === 'exists' || macro?.name === 'exists_one') return [keyOf(macro.source)];
    const list = comparedList(term);
    return list === null ? [] : [keyOf(list)];
  });
}

/** The list of `list.size() > 0`, `list != []` and the like, written either way round. */
function comparedList(term: Node): Node | null {
  if (!['==', '!=', '>', '>=', '<', '<='].includes(term.op)) return null;
  const [left, right] = term.args as [Node, Node];
  const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }[term.op as string] ?? term.op;
  return listOf(left, term.op, right) ?? listOf(right, mirrored, left);
}

function listOf(side: Node, operator: string, other: Node): Node | null {
  if (other.op === 'list') {
    const isEmpty = other.args.length === 0;
    return operator === (isEmpty ? '!=' : '==') ? side : null;
  }
  const counted = countedList(side);
  if (counted === null || other.op !== 'value') return null;
  const least = { '>': 0, '>=': 1, '==': 1 }[operator];
  const isFilled = least === undefined ? operator === '!=' && Number(other.args) === 0 : Number(other.args) >= least;
  return isFilled ? counted : null;
}

/** The list of `list.size()` or `size(list)`. */
function countedList(node: Node): Node | null {
  if (node.op === 'rcall' && node.args[0] === 'size') return node.args[1];
  if (node.op === 'call' && node.args[0] === 'size') return node.args[1][0] ?? null;
  return null;
}
