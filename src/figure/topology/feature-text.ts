import {
  chainLine,
  isTelling,
  namespaceFeatures,
  type FeatureKind,
  type Features,
} from '../../observation/features.ts';
import { ifKnown } from '../../observation/not-observed.ts';
import type { Chain, TopologyNamespace } from '../../observation/topology.ts';
import type { FigureLabels } from '../labels.ts';

/** A feature in words; `line` as features.ts has it. */
export function featureText(kind: FeatureKind, line: string, labels: FigureLabels): string {
  switch (kind) {
    case 'filtering':
      return labels.filtersVlans;
    case 'vlans':
      return labels.vlan(line);
    case 'tunnel':
      return labels.tunnel(line);
    case 'qdiscs':
      return labels.qdisc(line);
    case 'wireguard':
      return labels.wireguardPeer(line);
    case 'forwarding':
      return labels.forwards(line);
    case 'chains':
      return labels.chain(line);
    case 'rules':
      return labels.rule(line);
  }
}

/** Those that are known; several VLANs of a port, and several protocols that are forwarded, in one. */
export function featureTexts(features: readonly Features[], labels: FigureLabels): string[] {
  return features.flatMap(({ kind, lines }) => {
    if (lines === null || lines.length === 0) return [];
    const told = kind === 'vlans' || kind === 'forwarding' ? [lines.join(', ')] : lines;
    return told.map((line) => featureText(kind, line, labels));
  });
}

/** The chains that have something to say, as `inet filter forward, hook forward, policy drop, 2 rules`. */
export function chainTexts({ chains }: TopologyNamespace, labels: FigureLabels): string[] {
  return (ifKnown(chains) ?? []).filter(isTelling).map((chain) => chainText(chain, labels));
}

export function chainText(chain: Chain, labels: FigureLabels): string {
  return `${chainLine(chain)}, ${labels.rules(chain.rules.length)}`;
}

/** `forwards IPv4`; null where it does not, or where that is not known. */
export function forwardingText(namespace: TopologyNamespace, labels: FigureLabels): string | null {
  const forwarding = namespaceFeatures(namespace).filter(({ kind }) => kind === 'forwarding');
  return featureTexts(forwarding, labels)[0] ?? null;
}
