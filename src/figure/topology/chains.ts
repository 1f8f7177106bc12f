import { chainLine, isTelling } from '../../observation/features.ts';
import { ifKnown } from '../../observation/not-observed.ts';
import type { TopologyNamespace } from '../../observation/topology.ts';
import { Column } from './column.ts';
import { chainText } from './feature-text.ts';
import { textWidth } from './shapes.ts';
import type { TopologyStyle } from './style.ts';

interface ChainRow {
  readonly text: string;
  readonly isNew: boolean;
}

/** Each chain of the packet filter that has something to say, and whether something of it is new. */
function rowsOf({ name, chains }: TopologyNamespace, { labels, marks }: TopologyStyle): ChainRow[] {
  const [chainsMark, rulesMark] = [marks.feature(name, null, 'chains'), marks.feature(name, null, 'rules')];
  return (ifKnown(chains) ?? []).filter(isTelling).map((chain) => {
    const start = `${chain.family} ${chain.table} ${chain.name}: `;
    const isNew = chainsMark.has(chainLine(chain)) || [...rulesMark].some((rule) => rule.startsWith(start));
    return { text: chainText(chain, labels), isNew };
  });
}

/** Width in px that the list of chains would like. */
export function chainsWidth(namespace: TopologyNamespace, style: TopologyStyle): number {
  return Math.max(0, ...rowsOf(namespace, style).map(({ text }) => textWidth('route', text)));
}

/** Lists the chains below what the column holds. */
export function listChains(column: Column, namespace: TopologyNamespace, style: TopologyStyle): void {
  const { labels, metrics } = style;
  const rows = rowsOf(namespace, style);
  if (rows.length === 0) return;
  const shown = rows.slice(0, metrics.maxRoutes);
  column.skip(metrics.isWordy ? 14 : 10);
  column.rule();
  column.skip(metrics.isWordy ? 8 : 4);
  column.pair({ role: 'caption', lines: [labels.packetFilter] }, null);
  const marked = new Set(shown.filter(({ isNew }) => isNew).map(({ text }) => text));
  const more = rows.length > shown.length ? [labels.more(rows.length - shown.length)] : [];
  column.pair({ role: 'route', lines: [...shown.map(({ text }) => text), ...more], marked }, null);
}
