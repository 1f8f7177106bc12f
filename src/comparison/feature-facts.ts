import { hostName } from '../core/names.ts';
import {
  deviceFeatures,
  namespaceFeatures,
  vlanRanges,
  type FeatureKind,
  type Features,
} from '../observation/features.ts';
import { NotObserved } from '../observation/not-observed.ts';
import type { Topology, TopologyDevice, TopologyNamespace } from '../observation/topology.ts';
import type { TopologyMask } from '../study/mask-names.ts';
import type { DrawnTopology } from '../study/schema.ts';

/** One feature of a network: of a device, or of a namespace. */
export interface FeatureFact {
  readonly kind: FeatureKind;
  readonly place: Place;
  readonly text: string;
}

interface Place {
  /** As drawings name it: the root namespace is `host`. */
  readonly namespace: string;
  readonly device: string | null;
}

/** What hides a feature that a drawing leaves out. */
export const featureMasks: Readonly<Record<FeatureKind, TopologyMask>> = {
  filtering: 'vlans',
  vlans: 'vlans',
  tunnel: 'tunnels',
  wireguard: 'tunnels',
  qdiscs: 'qdiscs',
  forwarding: 'forwarding',
  chains: 'filters',
  rules: 'filters',
};

/** Before the words of a feature; a feature that is `on` has none. */
const words: Readonly<Record<FeatureKind, string>> = {
  filtering: 'vlan_filtering',
  vlans: 'vlan',
  tunnel: '',
  wireguard: 'peer',
  qdiscs: 'qdisc',
  forwarding: 'forwards',
  chains: 'chain',
  rules: 'rule',
};

function factText({ namespace, device }: Place, kind: FeatureKind, line: string): string {
  const said = [device ?? '', words[kind], line === 'on' ? '' : line].filter((word) => word !== '').join(' ');
  return `${namespace}: ${said}`;
}

/** `known`: whether the features of a kind are to be stated of a place. */
export function observedFeatures(
  { namespaces }: Topology,
  known: (kind: FeatureKind, place: Place) => boolean,
): FeatureFact[] {
  return namespaces.flatMap((namespace) =>
    featuresByPlace(namespace).flatMap(({ place, features }) =>
      features.flatMap(({ kind, lines }) =>
        (known(kind, place) ? (lines ?? []) : []).map((line) => ({ kind, place, text: factText(place, kind, line) })),
      ),
    ),
  );
}

function featuresByPlace(namespace: TopologyNamespace): { place: Place; features: Features[] }[] {
  const name = namespace.name ?? hostName;
  const split = (device: TopologyDevice, features: Features): Features =>
    features.kind === 'tunnel' ? { kind: 'tunnel', lines: tunnelFacts(device.tunnel ?? {}) } : features;
  return [
    ...namespace.devices.map((device) => ({
      place: { namespace: name, device: device.name },
      features: deviceFeatures(device, namespace).map((features) => split(device, features)),
    })),
    { place: { namespace: name, device: null }, features: namespaceFeatures(namespace) },
  ];
}

/** Each by itself, so that a drawing can leave out one end. */
function tunnelFacts(tunnel: {
  readonly local?: string | null | undefined;
  readonly remote?: string | null | undefined;
  readonly id?: number | null | undefined;
}): string[] {
  const said = [
    ['from', tunnel.local],
    ['to', tunnel.remote],
    ['id', tunnel.id],
  ] as const;
  return said.flatMap(([word, value]) => (value == null ? [] : [`${word} ${value}`]));
}

/** Whether a topology tells of these features; also where it does not have the place at all. */
export function isToldIn(topology: Topology): (kind: FeatureKind, place: Place) => boolean {
  const untold = new Set(
    topology.namespaces.flatMap((namespace) =>
      featuresByPlace(namespace).flatMap(({ place, features }) =>
        features.flatMap(({ kind, lines }) => (lines === null ? [keyOf(kind, place)] : [])),
      ),
    ),
  );
  return (kind, place) => !untold.has(keyOf(kind, place));
}

/** Why a topology does not tell of these features, in the words of what was not asked. */
export function whyUntold({ kind, place }: DrawnFeatures['stated'][number], { namespaces }: Topology): string {
  const namespace = namespaces.find(({ name }) => (name ?? hostName) === place.namespace);
  const device = namespace?.devices.find(({ name }) => name === place.device);
  const of: Readonly<Record<FeatureKind, unknown>> = {
    ...{ filtering: null, tunnel: null, vlans: device?.vlans, qdiscs: namespace?.qdiscs },
    ...{ wireguard: namespace?.wireguard, forwarding: namespace?.forwarding },
    ...{ chains: namespace?.chains, rules: namespace?.chains },
  };
  const found = of[kind];
  return found instanceof NotObserved ? found.reason : `${place.namespace}: nothing was observed of it`;
}

function keyOf(kind: FeatureKind, { namespace, device }: Place): string {
  return JSON.stringify([kind, namespace, device]);
}

type DrawnNamespace = DrawnTopology['namespaces'][number];
type DrawnDevice = DrawnNamespace['devices'][number];

/** What a drawing says of features; of a kind that it says `false` or an empty list of, that there are none. */
export interface DrawnFeatures {
  readonly facts: readonly FeatureFact[];
  /** The kinds that it says anything of, and where. What it says nothing of is not compared. */
  readonly stated: readonly { readonly kind: FeatureKind; readonly place: Place }[];
}

export function drawnFeatures({ namespaces }: DrawnTopology): DrawnFeatures {
  const all = namespaces.flatMap((namespace) => [
    ...namespace.devices.flatMap((device) =>
      drawnOfDevice(device).map((each) => ({ ...each, place: { namespace: namespace.name, device: device.name } })),
    ),
    ...drawnOfNamespace(namespace).map((each) => ({ ...each, place: { namespace: namespace.name, device: null } })),
  ]);
  return {
    facts: all.flatMap(({ kind, place, lines }) =>
      lines.map((line) => ({ kind, place, text: factText(place, kind, line) })),
    ),
    stated: all.map(({ kind, place }) => ({ kind, place })),
  };
}

interface Stated {
  readonly kind: FeatureKind;
  readonly lines: readonly string[];
}

function drawnOfDevice({ vlanFiltering, vlans, qdiscs, tunnel }: DrawnDevice): Stated[] {
  return [
    ...(vlanFiltering === undefined ? [] : [{ kind: 'filtering' as const, lines: vlanFiltering ? ['on'] : [] }]),
    ...(vlans === undefined ? [] : [{ kind: 'vlans' as const, lines: drawnVlans(vlans) }]),
    ...(qdiscs === undefined ? [] : [{ kind: 'qdiscs' as const, lines: qdiscs }]),
    ...(tunnel === undefined ? [] : [{ kind: 'tunnel' as const, lines: tunnelFacts(tunnel) }]),
  ];
}

function drawnVlans(vlans: NonNullable<DrawnDevice['vlans']>): string[] {
  const each = vlans.flatMap(({ id, to = id, pvid = false, untagged = false }) =>
    Array.from({ length: Math.max(0, to - id + 1) }, (_, index) => ({ id: id + index, pvid, untagged })),
  );
  return vlanRanges(each.toSorted((a, b) => a.id - b.id));
}

function drawnOfNamespace({ forwarding, forwarding6, chains }: DrawnNamespace): Stated[] {
  const forwards = [...(forwarding === true ? ['IPv4'] : []), ...(forwarding6 === true ? ['IPv6'] : [])];
  const rules = (chains ?? []).flatMap((chain) => chain.rules ?? []);
  const as = (chain: NonNullable<typeof chains>[number]): string =>
    [
      `${chain.family} ${chain.table} ${chain.name}`,
      ...(chain.hook === undefined ? [] : [`hook ${chain.hook}`]),
      ...(chain.policy === undefined ? [] : [`policy ${chain.policy}`]),
    ].join(', ');
  return [
    ...(forwarding === undefined && forwarding6 === undefined
      ? []
      : [{ kind: 'forwarding' as const, lines: forwards }]),
    ...(chains === undefined ? [] : [{ kind: 'chains' as const, lines: chains.map(as) }]),
    ...(rules.length === 0 ? [] : [{ kind: 'rules' as const, lines: (chains ?? []).flatMap(drawnRules) }]),
  ];
}

function drawnRules({ family, table, name, rules = [] }: NonNullable<DrawnNamespace['chains']>[number]): string[] {
  return rules.map((rule) => `${family} ${table} ${name}: ${rule}`);
}
