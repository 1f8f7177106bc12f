import type { EndPoint, Topology, TopologyDevice } from './topology.ts';

interface Placed {
  readonly at: EndPoint;
  readonly device: TopologyDevice;
}

/** One device in two observations. */
export interface SameDevice {
  readonly before: Placed;
  readonly after: Placed;
}

/**
 * Finds the devices of one observation again in a later one: those of the same name where they were, then those that
 * were moved or renamed, which only a MAC address tells. What it can't tell for certain counts as gone and new.
 */
export function sameDevices(before: Topology, after: Topology): readonly SameDevice[] {
  const were = placedIn(before);
  const are = placedIn(after);
  const stayed = were.flatMap((one) => {
    const other = are.find((candidate) => isInPlace(one, candidate));
    return other === undefined ? [] : [{ before: one, after: other }];
  });
  const left = were.filter((one) => !stayed.some((pair) => pair.before === one));
  const come = are.filter((one) => !stayed.some((pair) => pair.after === one));
  const moved = left.flatMap((one) => {
    const other = onlyOne(one, come);
    return other !== undefined && onlyOne(other, left) === one ? [{ before: one, after: other }] : [];
  });
  return [...stayed, ...moved];
}

function placedIn({ namespaces }: Topology): Placed[] {
  return namespaces.flatMap(({ name, devices }) =>
    devices.map((device) => ({ at: { namespace: name, device: device.name }, device })),
  );
}

/** The kernel gives an index again only once its numbers have run out; a MAC address may be set by hand. */
function isInPlace(a: Placed, b: Placed): boolean {
  if (a.at.namespace !== b.at.namespace || a.at.device !== b.at.device || a.device.kind !== b.device.kind) return false;
  return a.device.index === b.device.index || (a.device.mac !== null && a.device.mac === b.device.mac);
}

/** Kinds that have the MAC address of the device below, so that it tells only together with the name. */
const borrowers = ['vlan', 'ipvlan', 'ipvtap', 'macsec'];

/** The one device of the kind that has the MAC address. */
function onlyOne({ device }: Placed, among: readonly Placed[]): Placed | undefined {
  const { kind, mac } = device;
  if (kind === 'loopback' || mac === null) return undefined;
  const [found, second] = among.filter(
    (other) =>
      other.device.kind === kind &&
      other.device.mac === mac &&
      (!borrowers.includes(kind) || other.device.name === device.name),
  );
  return second === undefined ? found : undefined;
}
