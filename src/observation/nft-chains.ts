import { reading, refuse, type Line } from './reading.ts';
import type { Chain } from './topology.ts';
import type { Reading } from './types.ts';

export interface ChainsObservation {
  readonly kind: 'chains';
  readonly chains: readonly Chain[];
}

/**
 * Reads `nft list ruleset` (nftables, src/rule.c, table_print). A table holds chains, sets and objects, each between
 * braces; what a rule has between braces may go over several lines. Of all that chains are read.
 */
export function parseNftChains(text: string): Reading<ChainsObservation> {
  return reading(text, (lines) => {
    const chains: Chain[] = [];
    const blocks: string[] = [];
    for (const statement of statementsOf(lines)) {
      const opened = /^(.*\S)\s*\{$/.exec(statement.text)?.[1];
      if (statement.text === '}') {
        if (blocks.pop() === undefined) refuse('a brace too many', statement);
      } else if (opened !== undefined) {
        if (isInChain(blocks)) addTo(chains, `${opened} { … }`); // `jump { … }`, a chain without a name
        blocks.push(opened);
        const chain = blocks.length === 2 ? emptyChain(blocks) : null;
        if (chain !== null) chains.push(chain);
      } else if (isInChain(blocks)) addTo(chains, statement.text);
    }
    if (blocks.length > 0) refuse(`cut off within '${blocks.join(' { ')}'`, null);
    return { kind: 'chains', chains };
  });
}

function isInChain(blocks: readonly string[]): boolean {
  return blocks.length === 2 && blocks[1]?.startsWith('chain ') === true;
}

function addTo(chains: Chain[], statement: string): void {
  const chain = chains.pop();
  if (chain !== undefined) chains.push(withStatement(chain, statement));
}

/** Lines without their indents; one that leaves a brace open with words behind it goes on in the next. */
function statementsOf(lines: readonly Line[]): Line[] {
  const statements: Line[] = [];
  let open: Line | null = null;
  for (const { number, text } of lines) {
    const trimmed = text.trim();
    if (open === null && (trimmed === '' || trimmed.startsWith('#'))) continue;
    const whole: Line =
      open === null ? { number, text: trimmed } : { number: open.number, text: `${open.text} ${trimmed}` };
    const isBlock: boolean = open === null && (trimmed === '}' || trimmed.endsWith('{'));
    open = !isBlock && depthOf(whole.text) > 0 ? whole : null;
    if (open === null) statements.push(whole);
  }
  if (open !== null) refuse(`cut off: ${open.text}`, open);
  return statements;
}

/** How many braces are open at the end; those in a comment between quotation marks are none. */
function depthOf(text: string): number {
  const bare = text.replaceAll(/"[^"]*"/g, '');
  return bare.split('{').length - bare.split('}').length;
}

function emptyChain([table = '', block = '']: readonly string[]): Chain | null {
  const [, family, name] = /^table (\S+) (\S+)$/.exec(table) ?? [];
  const [, chain] = /^chain (\S+)$/.exec(block) ?? [];
  if (family === undefined || name === undefined || chain === undefined) return null;
  return { family, table: name, name: chain, type: null, hook: null, priority: null, policy: null, rules: [] };
}

/** `type filter hook forward priority filter; policy drop;` before the rules, which are what follows. */
function withStatement(chain: Chain, statement: string): Chain {
  const base =
    /^type (?<type>\S+) hook (?<hook>\S+)(?: devices? .*?)? priority (?<priority>[^;]+);(?: policy (?<policy>\w+);)?/.exec(
      statement,
    )?.groups;
  if (base !== undefined) {
    const { type = null, hook = null, priority = null, policy = null } = base;
    return { ...chain, type, hook, priority, policy };
  }
  const policy = /^policy (\w+);?$/.exec(statement)?.[1];
  if (policy !== undefined) return { ...chain, policy };
  return /^(?:comment ".*"|flags .*;)$/.test(statement) ? chain : { ...chain, rules: [...chain.rules, statement] };
}
