import { deviceAt, type NamespaceView } from './pairing.ts';
import type { EndPoint } from './topology.ts';
import type { LinkObservation } from './types.ts';

/** Kinds that stand on another device, which ip prints behind their `@` (kernel: IFLA_LINK, dev_get_iflink). */
const stackedKinds = ['vlan', 'macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'macsec'];

export function isStacked(kind: string | null): boolean {
  return kind !== null && stackedKinds.includes(kind);
}

/**
 * The device that a VLAN, macvlan or ipvlan stands on. The reference leads one way only: nothing at the device below
 * says what stands on it. So a namespace id without a name, which may be root's or one never seen, is not taken for root.
 */
export function lowerOf(link: LinkObservation, view: NamespaceView, views: readonly NamespaceView[]): EndPoint | null {
  const { peer } = link;
  if (!isStacked(link.deviceKind) || peer === null) return null;
  if (peer.by === 'index' && peer.namespace !== null && !hasName(peer.namespace, view)) return null;
  const found = deviceAt(peer, view, views);
  return found === undefined ? null : { namespace: found.view.name, device: found.link.name };
}

function hasName(
  reference: NonNullable<Extract<LinkObservation['peer'], { by: 'index' }>['namespace']>,
  view: NamespaceView,
): boolean {
  return reference.by === 'name' || (view.namesById.get(reference.id) ?? null) !== null;
}
