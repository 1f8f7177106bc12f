import { isIP } from 'node:net';
import { ifKnown } from './not-observed.ts';
import type { EndPoint, Topology, TopologyDevice, TopologyNamespace } from './topology.ts';

/** A tunnel between two namespaces, of which the one end says where the other is. */
export interface TunnelEnds {
  readonly ends: readonly [EndPoint, EndPoint];
  /** `vxlan 42` */
  readonly what: string;
}

interface Reach {
  readonly from: EndPoint;
  readonly kind: string;
  readonly what: string;
  readonly remote: string;
}

/**
 * The tunnels whose other end is in the network, too: one namespace, and no other, has the address. There it ends at the
 * tunnel that leads back, or else at the device with the address. Each is told once, from the side that was met first.
 */
export function tunnelsIn(topology: Topology): TunnelEnds[] {
  const told = new Map<string, TunnelEnds>();
  for (const reach of topology.namespaces.flatMap(reaches)) {
    const to = otherEnd(reach, topology);
    if (to === null) continue;
    const key = [reach.from, to]
      .map(({ namespace, device }) => JSON.stringify([namespace, device]))
      .sort()
      .join();
    if (!told.has(key)) told.set(key, { ends: [reach.from, to], what: reach.what });
  }
  return [...told.values()];
}

function reaches({ name, devices, wireguard }: TopologyNamespace): Reach[] {
  const from = (device: string): EndPoint => ({ namespace: name, device });
  const tunnels = devices.flatMap(({ name: device, kind, tunnel }) => {
    if (tunnel === null || tunnel.remote === null) return [];
    const what = tunnel.id === null ? kind : `${kind} ${tunnel.id}`;
    return [{ from: from(device), kind, what, remote: tunnel.remote }];
  });
  const peers = (ifKnown(wireguard) ?? []).flatMap(({ device, peers }) =>
    peers.flatMap(({ endpoint }) => {
      const remote = /^\[?(.*?)\]?:\d+$/.exec(endpoint ?? '')?.[1];
      return remote === undefined ? [] : [{ from: from(device), kind: 'wireguard', what: 'wireguard', remote }];
    }),
  );
  return [...tunnels, ...peers].filter(({ remote }) => isIP(remote) > 0);
}

function otherEnd({ from, kind, remote }: Reach, { namespaces }: Topology): EndPoint | null {
  const holders = namespaces.flatMap((namespace) => {
    const holder = namespace.devices.find((device) => has(device, remote));
    return holder === undefined ? [] : [{ namespace, holder }];
  });
  const [found, second] = holders;
  if (found === undefined || second !== undefined || found.namespace.name === from.namespace) return null;
  const own = namespaces.find(({ name }) => name === from.namespace)?.devices ?? [];
  const back = reaches(found.namespace).find(
    (other) => other.kind === kind && own.some((one) => has(one, other.remote)),
  );
  return back?.from ?? { namespace: found.namespace.name, device: found.holder.name };
}

function has({ addresses }: TopologyDevice, address: string): boolean {
  return addresses.some((each) => each.slice(0, each.lastIndexOf('/')) === address);
}
