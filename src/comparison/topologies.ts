import { hostName } from '../core/names.ts';
import type { EndPoint, Topology, TopologyDevice, Vlan } from '../observation/topology.ts';
import type { DrawnTopology } from '../study/schema.ts';
import type { TopologyMask } from '../study/mask-names.ts';
import { leaveOut } from '../observation/leave-out.ts';
import {
  drawnFeatures,
  featureMasks,
  isToldIn,
  observedFeatures,
  whyUntold,
  type FeatureFact,
} from './feature-facts.ts';
import { compareLines, type LineComparison } from './lines.ts';
import type { MaskedLine, MaskName } from './masks.ts';

/** One fact of a network, and the mask that hides it where a drawing leaves it out. */
interface Fact {
  readonly text: string;
  readonly masks: readonly TopologyMask[];
}

/** Compares a drawing, given as data, with the network as observed: fact by fact, in any order. */
export function compareTopologies(
  expected: DrawnTopology,
  observed: Topology,
  masks: readonly MaskName[],
): LineComparison {
  const { facts, stated } = drawnFeatures(expected);
  const kinds = new Set(stated.map(({ kind }) => kind));
  const shown = withoutOwnDevices(observed, expected);
  return compareFacts(
    [...drawnFacts(expected), ...facts.map(({ text }) => ({ text, masks: [] }))],
    [...observedFacts(shown), ...featureFacts(observedFeatures(shown, (kind) => kinds.has(kind)))],
    masks,
  );
}

/** Why a network can't be compared with a drawing: the drawing says what was not observed. null where all was. */
export function whyNotCompared(expected: DrawnTopology, observed: Topology, masks: readonly MaskName[]): string | null {
  const isTold = isToldIn(observed);
  const untold = drawnFeatures(expected).stated.find(
    ({ kind, place }) => !isTold(kind, place) && !masks.includes(featureMasks[kind]),
  );
  return untold === undefined ? null : whyUntold(untold, observed);
}

/**
 * A drawing that has the root namespace draws what the study is about, not the machine: its cards, and the routes over them,
 * are left out where the drawing has none of that name. A card is what nobody can make: it has no kind of its own.
 */
function withoutOwnDevices(observed: Topology, { namespaces }: DrawnTopology): Topology {
  const host = namespaces.find(({ name }) => name === hostName);
  if (host === undefined) return observed;
  const isOwn = ({ name, kind }: TopologyDevice): boolean =>
    (kind === 'ethernet' || kind === 'loopback') && !host.devices.some((drawn) => drawn.name === name);
  return leaveOut(observed, ({ namespace, device }) => namespace === null && isOwn(device));
}

/** The same for two networks as observed, as of two runs. */
export function compareObservedTopologies(
  expected: Topology,
  observed: Topology,
  masks: readonly MaskName[] = [],
): LineComparison {
  const [inExpected, inObserved] = [expected, observed].map(isToldIn) as [Told, Told];
  return compareFacts(
    [...observedFacts(expected), ...featureFacts(observedFeatures(expected, inObserved))],
    [...observedFacts(observed), ...featureFacts(observedFeatures(observed, inExpected))],
    masks,
  );
}

/** The drawing in words, a line for each fact: what a report shows of it. */
export function drawnText(drawn: DrawnTopology): string {
  return [...drawnFacts(drawn), ...drawnFeatures(drawn).facts].map(({ text }) => text).join('\n');
}

function compareFacts(
  expected: readonly Fact[],
  observed: readonly Fact[],
  masks: readonly MaskName[],
): LineComparison {
  const active = new Set(masks);
  return compareLines(inOrder(expected, observed, active), inOrder(observed, expected, active));
}

/** Nothing hides what the other side says, too: that it is there is what the two have in common. */
function inOrder(facts: readonly Fact[], others: readonly Fact[], active: ReadonlySet<MaskName>): MaskedLine[] {
  const said = new Set(others.map(({ text }) => text));
  return facts
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ text, masks }) => {
      const mask = said.has(text) ? undefined : masks.find((candidate) => active.has(candidate));
      const taken = mask === undefined ? [] : [{ mask, text }];
      return { original: text, masked: mask === undefined ? text : null, taken };
    });
}

function drawnFacts({ namespaces, pairs }: DrawnTopology): Fact[] {
  const plain = (text: string): Fact => ({ text, masks: [] });
  return [
    ...namespaces.flatMap(({ name, devices, routes }) => [
      ...(name === hostName ? [] : [plain(namespaceFact(name))]), // every machine has it
      ...devices.flatMap(({ name: device, kind, master, vlan, on, addresses, up, carrier }) => [
        plain(deviceFact(name, device, kind)),
        ...(master === undefined ? [] : [plain(masterFact(name, device, master))]),
        ...(vlan === undefined
          ? []
          : [plain(vlanFact(name, device, { protocol: vlan.protocol ?? '802.1Q', id: vlan.id }))]),
        ...(on === undefined ? [] : [plain(lowerFact(name, device, on))]),
        ...(addresses ?? []).map((address) => plain(addressFact(name, device, address))),
        ...(up === false ? [plain(downFact(name, device))] : []),
        ...(carrier === undefined ? [] : [plain(carrierFact(name, device, carrier))]),
      ]),
      ...(routes ?? []).map((route) => plain(routeFact(name, route))),
    ]),
    ...(pairs ?? []).map(([a, b]) => plain(pairFact(a, b))),
  ];
}

function observedFacts({ namespaces, pairs }: Topology): Fact[] {
  return [
    ...namespaces.flatMap(({ name, devices, routes, unreadRoutes }) => {
      const isHost = name === null;
      const host: readonly TopologyMask[] = isHost ? ['host-devices'] : [];
      const namespace = name ?? hostName;
      return [
        ...(isHost ? [] : [{ text: namespaceFact(namespace), masks: [] }]),
        ...devices.flatMap((device) => deviceFacts(namespace, device, host)),
        ...routes.map((route) => ({ text: routeFact(namespace, route), masks: [...host, 'routes' as const] })),
        ...(unreadRoutes === 0
          ? []
          : [{ text: unreadFact(namespace, unreadRoutes), masks: [...host, 'routes' as const] }]),
      ];
    }),
    ...pairs.map(({ ends: [a, b] }) => ({ text: pairFact(inWords(a), inWords(b)), masks: [] })),
  ];
}

type Told = ReturnType<typeof isToldIn>;

/** Those of the machine's own devices are hidden by another mask, too. */
function featureFacts(facts: readonly FeatureFact[]): Fact[] {
  return facts.map(({ kind, place, text }) => ({
    text,
    masks: [...(place.namespace === hostName ? ['host-devices' as const] : []), featureMasks[kind]],
  }));
}

function inWords({ namespace, device }: EndPoint): End {
  return { namespace: namespace ?? hostName, device };
}

function deviceFacts(namespace: string, device: TopologyDevice, host: readonly TopologyMask[]): Fact[] {
  const { name, kind, master, vlan, lower, addresses, up, carrier } = device;
  const masks: TopologyMask[] = [...host, ...(kind === 'loopback' ? ['loopback' as const] : [])];
  return [
    { text: deviceFact(namespace, name, kind), masks },
    ...(master === null ? [] : [{ text: masterFact(namespace, name, master), masks }]),
    ...(vlan === null ? [] : [{ text: vlanFact(namespace, name, vlan), masks }]),
    ...(lower === null ? [] : [{ text: lowerFact(namespace, name, inWords(lower)), masks }]),
    ...addresses.map((address) => ({
      text: addressFact(namespace, name, address),
      masks: [...masks, 'addresses' as const],
    })),
    ...(up ? [] : [{ text: downFact(namespace, name), masks: [...masks, 'carrier' as const] }]),
    { text: carrierFact(namespace, name, carrier), masks: [...masks, 'carrier' as const] },
  ];
}

function namespaceFact(name: string): string {
  return `namespace ${name}`;
}

function deviceFact(namespace: string, device: string, kind: string): string {
  return `${namespace}: ${device}, ${kind}`;
}

/** Of a port: the bridge or the like that it is in. */
function masterFact(namespace: string, device: string, master: string): string {
  return `${namespace}: ${device} in ${master}`;
}

function vlanFact(namespace: string, device: string, { protocol, id }: Vlan): string {
  return `${namespace}: ${device} ${protocol} ${id}`;
}

function lowerFact(namespace: string, device: string, on: End): string {
  return `${namespace}: ${device} on ${on.namespace}/${on.device}`;
}

function addressFact(namespace: string, device: string, address: string): string {
  return `${namespace}: ${device} ${address}`;
}

function downFact(namespace: string, device: string): string {
  return `${namespace}: ${device} down`;
}

function carrierFact(namespace: string, device: string, carrier: boolean): string {
  return `${namespace}: ${device} ${carrier ? 'with' : 'without'} carrier`;
}

function routeFact(
  namespace: string,
  {
    destination,
    via,
    device,
  }: { readonly destination: string; readonly via?: string | null | undefined; readonly device: string | null },
): string {
  return `${namespace}: route ${destination}${via == null ? '' : ` via ${via}`} → ${device ?? '-'}`;
}

function unreadFact(namespace: string, count: number): string {
  return `${namespace}: ${count} ${count === 1 ? 'line' : 'lines'} of ip route not read`;
}

interface End {
  readonly namespace: string;
  readonly device: string;
}

/** The end that comes first in the order of code units stands first. */
function pairFact(a: End, b: End): string {
  const ends = [a, b].map(({ namespace, device }) => `${namespace}/${device}`).sort();
  return `pair ${ends.join(' — ')}`;
}
