import type { TopologyChange } from '../../observation/topology-changes.ts';
import type { FigureLabels } from '../labels.ts';
import { printable } from '../svg/document.ts';
import { kindText, liveness } from './card.ts';
import { featureText } from './feature-text.ts';
import { routeText } from './routes.ts';
import { endText, pairText } from './text.ts';

/** What changed, a sentence each: `new: veth0 (ns0), veth`, `10.1.1.0/24 (ns0): now → veth0, before → tap0`. */
export function changeTexts(changes: readonly TopologyChange[], labels: FigureLabels): string[] {
  if (changes.length === 0) return [labels.nothingChanged];
  const gone = goneNamespaces(changes);
  return changes
    .filter((change) => !(change.kind === 'device' && change.change === 'removed' && gone.has(change.at.namespace)))
    .flatMap((change) => sentences(change, labels))
    .map(printable);
}

/**
 * Those of the sentences that a marked picture does not show: what is gone without a ghost, what was there before, and
 * what happened in the root namespace where that has no box.
 */
export function unseenChangeTexts(
  changes: readonly TopologyChange[],
  { hasRootBox, labels }: { readonly hasRootBox: boolean; readonly labels: FigureLabels },
): string[] {
  return changes
    .flatMap((change) => (!hasRootBox && isOfRoot(change) ? sentences(change, labels) : unmarked(change, labels)))
    .map(printable);
}

function isOfRoot(change: TopologyChange): boolean {
  return ('at' in change ? change.at.namespace : 'namespace' in change && change.namespace) === null;
}

function unmarked(change: TopologyChange, labels: FigureLabels): string[] {
  switch (change.kind) {
    case 'moved':
    case 'turned':
    case 'master':
      return sentences(change, labels);
    case 'addresses':
      return sentences({ ...change, added: [] }, labels);
    case 'feature':
      return unmarkedFeatures(change, labels);
    case 'pair':
    case 'route':
      return change.change === 'removed' ? sentences(change, labels) : [];
    case 'namespace':
    case 'device':
    case 'state':
      return [];
  }
}

function goneNamespaces(changes: readonly TopologyChange[]): Set<string | null> {
  return new Set(
    changes.flatMap((change) => (change.kind === 'namespace' && change.change === 'removed' ? [change.namespace] : [])),
  );
}

function sentences(change: TopologyChange, labels: FigureLabels): string[] {
  const place = (namespace: string | null): string => namespace ?? labels.host;
  switch (change.kind) {
    case 'namespace':
      return [labels[change.change](labels.namespaceNamed(place(change.namespace)))];
    case 'device':
      return [labels[change.change](`${endText(change.at, labels)}, ${kindText(change.device, labels)}`)];
    case 'moved':
      return [labels.moved(change.from.device, endText(change.at, labels), place(change.from.namespace))];
    case 'state': {
      const [now, before] = [change.after, change.before].map((state) => labels[liveness(state)]);
      return [labels.changed(endText(change.at, labels), now ?? '', before ?? '')];
    }
    case 'addresses': {
      const owner = endText(change.at, labels);
      return [
        ...change.added.map((address) => labels.added(labels.of(address, owner))),
        ...change.removed.map((address) => labels.removed(labels.of(address, owner))),
      ];
    }
    case 'master': {
      const [now, before] = [change.after, change.before].map((name) =>
        name === null ? labels.noMaster : labels.portOf(name),
      );
      return [labels.changed(endText(change.at, labels), now ?? '', before ?? '')];
    }
    case 'pair':
      return [labels[change.change](`${labels.vethPair} ${pairText(change.ends, labels)}`)];
    case 'route':
      return [labels[change.change](`${routeText(change.route)} (${place(change.namespace)})`)];
    case 'turned':
      return [turnedText(change, place(change.namespace), labels)];
    case 'feature':
      return featureSentences(change, labels);
  }
}

type FeatureChange = Extract<TopologyChange, { kind: 'feature' }>;

/** A picture shows what is there, but for the rules of its chains. */
function unmarkedFeatures(change: FeatureChange, labels: FigureLabels): string[] {
  const isWhole = change.feature === 'rules' || (change.added.length === 1 && change.removed.length === 1);
  return featureSentences(isWhole ? change : { ...change, added: [] }, labels);
}

/** A ruleset may have a thousand rules. */
const maxFeatures = 6;

function featureSentences(change: FeatureChange, labels: FigureLabels): string[] {
  const { feature, at, added, removed } = change;
  const owner = at.device === null ? (at.namespace ?? labels.host) : endText({ ...at, device: at.device }, labels);
  const [now, before] = [added, removed].map((lines) => lines.map((line) => featureText(feature, line, labels)));
  const [isNow, was] = [now?.[0], before?.[0]];
  if (added.length === 1 && removed.length === 1 && isNow !== undefined && was !== undefined) {
    return [labels.changed(owner, isNow, was)];
  }
  const all = [
    ...(now ?? []).map((text) => labels.added(labels.of(text, owner))),
    ...(before ?? []).map((text) => labels.removed(labels.of(text, owner))),
  ];
  const left = all.length - maxFeatures;
  return left > 1 ? [...all.slice(0, maxFeatures), labels.more(left)] : all;
}

/** `10.1.1.0/24 (ns0): now → veth0, before → tap0`, `via 10.0.0.1 → eth0` where there is a gateway. */
function turnedText(
  { before, after }: Extract<TopologyChange, { kind: 'turned' }>,
  namespace: string,
  labels: FigureLabels,
): string {
  const [now, was] = [after, before].map(({ via, device }) => `${via === null ? '' : `via ${via} `}→ ${device ?? '?'}`);
  return labels.changed(`${after.destination} (${namespace})`, now ?? '', was ?? '');
}
