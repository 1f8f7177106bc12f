import { childrenOf, macroOf, type Node } from './syntax.ts';

/** Whether a name stands for something that was observed, or is bound to some of it. */
type Reads = (name: string) => boolean;

/** Whether anything in a node is read from what was observed. */
function reads(node: Node, isRead: Reads): boolean {
  if (node.op === 'id') return isRead(node.args);
  const macro = macroOf(node);
  if (macro === null) return childrenOf(node).some((child) => reads(child, isRead));
  return reads(macro.source, isRead) || macro.bodies.some((body) => reads(body, within(macro, isRead)));
}

function within({ variable, source }: { variable: string; source: Node }, isRead: Reads): Reads {
  const isSourceRead = reads(source, isRead);
  return (name) => (name === variable ? isSourceRead : isRead(name));
}

/**
 * The first operand of `&&` and `||`, or condition of `?:`, that reads nothing of what was observed: it decides the same
 * in every run, `true || …` all of it. null where there is none.
 */
export function idleOperand(node: Node, isRead: Reads): Node | null {
  const idle = operandsOf(node).find((operand) => !reads(operand, isRead));
  if (idle !== undefined) return idle;
  const macro = macroOf(node);
  const below = macro === null ? childrenOf(node).map((child) => [child, isRead] as const) : partsOf(macro, isRead);
  for (const [part, isReadThere] of below) {
    const found = idleOperand(part, isReadThere);
    if (found !== null) return found;
  }
  return null;
}

function operandsOf(node: Node): readonly Node[] {
  if (node.op === '&&' || node.op === '||') return node.args;
  return node.op === '?:' ? [node.args[0]] : [];
}

function partsOf(macro: NonNullable<ReturnType<typeof macroOf>>, isRead: Reads): (readonly [Node, Reads])[] {
  const there = within(macro, isRead);
  return [[macro.source, isRead], ...macro.bodies.map((body) => [body, there] as const)];
}
