import { deviceFeatures, type FeatureKind } from '../../observation/features.ts';
import type { TopologyDevice, TopologyNamespace } from '../../observation/topology.ts';
import type { Column } from './column.ts';
import { featureText } from './feature-text.ts';
import { textWidth } from './shapes.ts';
import type { TopologyStyle } from './style.ts';
import { tagsWidth, vlanTags } from './vlan-tags.ts';

/** What a card shows of them. */
interface CardFeatures {
  readonly lines: readonly { readonly text: string; readonly isNew: boolean }[];
  readonly vlans: readonly string[];
  readonly hasNewVlans: boolean;
}

function featuresOf(device: TopologyDevice, namespace: TopologyNamespace, style: TopologyStyle): CardFeatures {
  const { labels, marks } = style;
  const linesOf = (kind: FeatureKind): readonly string[] =>
    deviceFeatures(device, namespace).find((features) => features.kind === kind)?.lines ?? [];
  const newOf = (kind: FeatureKind): ReadonlySet<string> => marks.feature(namespace.name, device.name, kind);
  const lines = (['filtering', 'tunnel', 'wireguard', 'qdiscs'] as const).flatMap((kind) =>
    linesOf(kind).map((line) => ({ text: featureText(kind, line, labels), isNew: newOf(kind).has(line) })),
  );
  return { lines, vlans: linesOf('vlans'), hasNewVlans: newOf('vlans').size > 0 };
}

/** Width in px that they would like. */
export function featuresWidth(device: TopologyDevice, namespace: TopologyNamespace, style: TopologyStyle): number {
  const { lines, vlans } = featuresOf(device, namespace, style);
  return Math.max(0, ...lines.map(({ text }) => textWidth('kind', text)), tagsWidth(vlans, style.labels));
}

/** Below the words of a device's card: what it has beyond them. */
export function listFeatures(
  column: Column,
  device: TopologyDevice,
  namespace: TopologyNamespace,
  { width, style }: { readonly width: number; readonly style: TopologyStyle },
): void {
  const { lines, vlans, hasNewVlans } = featuresOf(device, namespace, style);
  const marked = new Set(lines.filter(({ isNew }) => isNew).map(({ text }) => text));
  column.pair({ role: 'kind', lines: lines.map(({ text }) => text), marked }, null);
  if (vlans.length > 0) column.block(vlanTags(vlans, { width, isNew: hasNewVlans, labels: style.labels }), 3);
}
