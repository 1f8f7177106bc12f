import type { EndPoint } from './topology.ts';
import type { LinkObservation } from './types.ts';

/** What is known of one namespace when its devices' peers are looked for. */
export interface NamespaceView {
  /** null: the root namespace. */
  readonly name: string | null;
  readonly links: readonly LinkObservation[];
  /** What this namespace's own `ip netns list-id` says: the name behind each id, null where it has none. */
  readonly namesById: ReadonlyMap<number, string | null>;
}

/** The device at one end, in its namespace. */
interface End {
  readonly view: NamespaceView;
  readonly link: LinkObservation;
}

/**
 * The veth pairs of which both ends were seen and each leads to the other. An index alone is never enough: every
 * namespace counts its devices from 1, so the same index stands for other devices elsewhere. What does not lead back
 * to where it came from is left out.
 */
export function pairVeths(views: readonly NamespaceView[]): (readonly [EndPoint, EndPoint])[] {
  const ends = views.flatMap((view) => view.links.filter(isVeth).map((link): End => ({ view, link })));
  const pairs: (readonly [EndPoint, EndPoint])[] = [];
  for (const [at, end] of ends.entries()) {
    const other = otherEnd(end, ends, views);
    // Each pair is met twice, once from either end; the first meeting makes it.
    if (other && otherEnd(other, ends, views) === end && ends.indexOf(other) > at) {
      pairs.push([endPoint(end), endPoint(other)]);
    }
  }
  return pairs;
}

function isVeth(link: LinkObservation): boolean {
  return link.deviceKind === 'veth';
}

function endPoint({ view, link }: End): EndPoint {
  return { namespace: view.name, device: link.name };
}

/** The device that an end says is its peer, looked up in the namespace that it says; undefined where that leads nowhere. */
function otherEnd(end: End, ends: readonly End[], views: readonly NamespaceView[]): End | undefined {
  const { peer } = end.link;
  if (peer === null) return undefined;
  if (peer.by === 'name') return ends.find(({ view, link }) => view === end.view && link.name === peer.name);
  if (peer.namespace === null) {
    // ip prints an index without a namespace where it found no device of that index here; or a device is called so.
    return ends.find(({ view, link }) => view === end.view && link.name === `if${peer.index}`);
  }
  const place = peerNamespace(end.view, peer.namespace, views);
  return place && ends.find(({ view, link }) => view === place && link.index === peer.index);
}

/**
 * The namespace that a reference means to those who live in `from`.
 *
 * An id without a name may be the root namespace, which has no file in /run/netns, or one that was never seen. It is
 * taken for root here, and that is no guess: the pair counts only if root's end leads back by a name. A veth has one
 * peer, so if root's device says that its peer is this one, this one's peer is root's device.
 */
function peerNamespace(
  from: NamespaceView,
  reference: { readonly by: 'id'; readonly id: number } | { readonly by: 'name'; readonly name: string },
  views: readonly NamespaceView[],
): NamespaceView | undefined {
  const name = reference.by === 'name' ? reference.name : from.namesById.get(reference.id);
  if (name === undefined) return undefined;
  return views.find((view) => view !== from && view.name === name);
}
