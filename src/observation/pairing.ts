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

/** A device in its namespace. */
export interface End {
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

/** The device that an end says is its peer; undefined where that leads nowhere. */
function otherEnd({ view, link }: End, ends: readonly End[], views: readonly NamespaceView[]): End | undefined {
  if (link.peer === null) return undefined;
  const found = deviceAt(link.peer, view, views);
  return found && ends.find((end) => end.view === found.view && end.link === found.link);
}

/**
 * The device behind the `@`, looked up in the namespace that it says, or in the one that the reference was printed in;
 * undefined where that leads nowhere.
 */
export function deviceAt(
  peer: NonNullable<LinkObservation['peer']>,
  from: NamespaceView,
  views: readonly NamespaceView[],
): End | undefined {
  const find = (view: NamespaceView | undefined, matches: (link: LinkObservation) => boolean): End | undefined => {
    const link = view?.links.find(matches);
    return view && link && { view, link };
  };
  if (peer.by === 'name') return find(from, ({ name }) => name === peer.name);
  // ip prints an index without a namespace where it found no device of that index here; or a device is called so.
  if (peer.namespace === null) return find(from, ({ name }) => name === `if${peer.index}`);
  return find(peerNamespace(from, peer.namespace, views), ({ index }) => index === peer.index);
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
