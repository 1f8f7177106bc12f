import { deviceFeatures, isTelling, type FeatureKind } from '../observation/features.ts';
import { ifKnown } from '../observation/not-observed.ts';
import type { Chain, PortVlan, TopologyDevice, TopologyNamespace } from '../observation/topology.ts';
import type { DrawnTopology } from '../study/schema.ts';

type DrawnNamespace = DrawnTopology['namespaces'][number];
type DrawnDevice = DrawnNamespace['devices'][number];

/** What a drawing says of a device's features: those that there are. */
export function adoptedOfDevice(
  device: TopologyDevice,
  namespace: TopologyNamespace,
): Pick<DrawnDevice, 'vlanFiltering' | 'vlans' | 'qdiscs' | 'tunnel'> {
  const linesOf = (kind: FeatureKind): readonly string[] =>
    deviceFeatures(device, namespace).find((features) => features.kind === kind)?.lines ?? [];
  const { local, remote, id } = device.tunnel ?? { local: null, remote: null, id: null };
  const [vlans, qdiscs] = [linesOf('vlans'), linesOf('qdiscs')];
  return {
    ...(device.vlanFiltering === true ? { vlanFiltering: true } : {}),
    ...(vlans.length === 0 ? {} : { vlans: (ifKnown(device.vlans) ?? []).map(drawnVlan) }),
    ...(qdiscs.length === 0 ? {} : { qdiscs: [...qdiscs] }),
    ...(device.tunnel === null
      ? {}
      : { tunnel: { ...(local && { local }), ...(remote && { remote }), ...(id !== null && { id }) } }),
  };
}

function drawnVlan({ id, pvid, untagged }: PortVlan): NonNullable<DrawnDevice['vlans']>[number] {
  return { id, ...(pvid && { pvid }), ...(untagged && { untagged }) };
}

/** The same of a namespace itself. */
export function adoptedOfNamespace({
  forwarding,
  forwarding6,
  chains,
}: TopologyNamespace): Pick<DrawnNamespace, 'forwarding' | 'forwarding6' | 'chains'> {
  const telling = (ifKnown(chains) ?? []).filter(isTelling);
  return {
    ...(ifKnown(forwarding) === true ? { forwarding: true } : {}),
    ...(ifKnown(forwarding6) === true ? { forwarding6: true } : {}),
    ...(telling.length === 0 ? {} : { chains: telling.flatMap(drawnChain) }),
  };
}

const families = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const;

function drawnChain({ family, table, name, hook, policy, rules }: Chain): NonNullable<DrawnNamespace['chains']> {
  const known = families.find((each) => each === family);
  if (known === undefined) return [];
  return [
    {
      ...{ family: known, table, name },
      ...(hook !== null && { hook }),
      ...((policy === 'accept' || policy === 'drop') && { policy }),
      ...(rules.length > 0 && { rules: [...rules] }),
    },
  ];
}
