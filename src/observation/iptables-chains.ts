import type { ChainsObservation } from './nft-chains.ts';
import { reading, refuse, refuseLine } from './reading.ts';
import type { Chain } from './topology.ts';
import type { Reading } from './types.ts';

/** Built-in chains are those at a hook of the kernel; a chain of the user's has `-` for its policy. */
const row = /^:(?<name>\S+) (?<policy>\S+) \[\d+:\d+\]$/;

export interface IptablesObservation extends ChainsObservation {
  /** They are in nftables, by whose ruleset they are told, too. */
  readonly isInNftables: boolean;
}

/**
 * Reads `iptables-save` (`ip`) and ip6tables-save (`ip6`). An iptables that goes by nftables says so in its first line; where it
 * says that there are tables of old beside, which it does not show, nothing is read.
 */
export function parseIptablesChains(text: string, family: 'ip' | 'ip6'): Reading<IptablesObservation> {
  return reading(text, (lines) => {
    const chains: Chain[] = [];
    let table: string | null = null;
    let isInNftables = false;
    for (const line of lines) {
      const started = /^\*(\S+)$/.exec(line.text)?.[1];
      if (/^# Warning: .*-legacy tables present/.test(line.text)) refuse(line.text.slice(2), line);
      if (line.text.startsWith('#')) isInNftables = isInNftables || line.text.includes('(nf_tables)');
      else if (started !== undefined) table = started;
      else if (line.text === 'COMMIT') table = null;
      else if (line.text !== '') {
        if (table === null) return refuse('outside of any table', line);
        const found = row.exec(line.text)?.groups;
        if (found !== undefined) chains.push(chainOf(found, table, family));
        else if (!addRule(chains, table, line.text)) refuseLine(line, 'a chain or a rule of one');
      }
    }
    if (table !== null) refuse(`cut off in the table ${table}`, null);
    return { kind: 'chains', chains, isInNftables };
  });
}

function chainOf(
  { name = '', policy = '' }: Readonly<Record<string, string | undefined>>,
  table: string,
  family: string,
): Chain {
  const isBuiltIn = policy !== '-';
  return {
    ...{ family, table, name, priority: null, rules: [] },
    type: isBuiltIn ? typeOf(table) : null,
    hook: isBuiltIn ? name.toLowerCase() : null,
    policy: isBuiltIn ? policy.toLowerCase() : null,
  };
}

function typeOf(table: string): string {
  return table === 'nat' ? 'nat' : 'filter';
}

/** `-A FORWARD -s 10.0.0.0/8 -j ACCEPT`, perhaps behind its counts; false: it is none of a chain that is there. */
function addRule(chains: Chain[], table: string, text: string): boolean {
  const [, name, rule = ''] = /^(?:\[\d+:\d+\] )?-A (\S+)(?: (.*))?$/.exec(text) ?? [];
  const at = chains.findIndex((chain) => chain.table === table && chain.name === name);
  const chain = chains[at];
  if (chain === undefined) return false;
  chains[at] = { ...chain, rules: [...chain.rules, rule] };
  return true;
}
