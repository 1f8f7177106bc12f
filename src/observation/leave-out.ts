import { hostName } from '../core/names.ts';
import type { EndPoint, Topology, TopologyDevice, TopologyNamespace } from './topology.ts';

/** A device in its namespace; null: the root namespace. */
export interface PlacedDevice {
  readonly namespace: string | null;
  readonly device: TopologyDevice;
}

/** A topology without some devices: neither are the pairs that end at them, nor the routes that lead over them. */
export function leaveOut(topology: Topology, isOut: (placed: PlacedDevice) => boolean): Topology {
  const out = new Set<string>();
  const namespaces = topology.namespaces.map((namespace) => {
    const isHere = (device: TopologyDevice): boolean => !isOut({ namespace: namespace.name, device });
    const gone = namespace.devices.filter((device) => !isHere(device)).map(({ name }) => name);
    for (const device of gone) out.add(keyOf({ namespace: namespace.name, device }));
    return {
      ...namespace,
      devices: namespace.devices.filter(isHere),
      routes: namespace.routes.filter(({ device }) => device === null || !gone.includes(device)),
    };
  });
  const pairs = topology.pairs.filter(({ ends }) => !ends.some((end) => out.has(keyOf(end))));
  const loose = topology.pairs.filter((pair) => !pairs.includes(pair)).flatMap(({ ends }) => ends.map(keyOf));
  return { namespaces: namespaces.map((namespace) => withoutBases(namespace, out, new Set(loose))), pairs };
}

/** `ignored`: `NAMESPACE`, or `NAMESPACE/DEVICE`; the root namespace is `host`. */
export function withoutIgnored(topology: Topology, ignored: readonly string[]): Topology {
  if (ignored.length === 0) return topology;
  const isGone = (name: string | null): boolean => ignored.includes(name ?? hostName);
  const { namespaces, pairs } = leaveOut(topology, ({ namespace, device }) => {
    return isGone(namespace) || ignored.includes(`${namespace ?? hostName}/${device.name}`);
  });
  return { namespaces: namespaces.filter(({ name }) => !isGone(name)), pairs };
}

/** What stood on a device that is left out stands on nothing that is there; nor has a veth its other end. */
function withoutBases(
  namespace: TopologyNamespace,
  out: ReadonlySet<string>,
  loose: ReadonlySet<string>,
): TopologyNamespace {
  const devices = namespace.devices.map((device): TopologyDevice => {
    const isLoose = loose.has(keyOf({ namespace: namespace.name, device: device.name }));
    const lower = device.lower !== null && out.has(keyOf(device.lower)) ? null : device.lower;
    return { ...device, lower, peer: isLoose ? 'none' : device.peer };
  });
  return { ...namespace, devices };
}

function keyOf({ namespace, device }: EndPoint): string {
  return JSON.stringify([namespace, device]);
}
