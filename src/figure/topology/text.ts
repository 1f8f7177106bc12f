import { hostName } from '../../core/names.ts';
import { deviceFeatures } from '../../observation/features.ts';
import type { EndPoint, Topology, TopologyDevice, TopologyNamespace } from '../../observation/topology.ts';
import type { FigureLabels } from '../labels.ts';
import { tunnelsIn } from '../../observation/tunnel-ends.ts';
import { printable } from '../svg/document.ts';
import { kindText, liveness, lowerText } from './card.ts';
import { chainTexts, featureTexts, forwardingText } from './feature-text.ts';
import { routeText } from './routes.ts';

/**
 * The whole topology in words, a line for each namespace, then one for each pair and each cable with an unseen end:
 * `ns0: tap0 10.1.1.1/24 (tap, no carrier); veth0 (veth, up); routes: 10.1.1.0/24 → tap0`, `veth0 (ns0) — veth1 (ns1)`.
 */
export function topologyText(
  topology: Topology,
  labels: FigureLabels,
  captions: Readonly<Record<string, string>> = {},
): string {
  const { namespaces, pairs } = topology;
  if (namespaces.length === 0) return labels.nothingObserved;
  const pairLines = pairs.map(({ ends }) => pairText(ends, labels));
  const openLines = openEnds(topology).map((end) => `${endText(end, labels)} — ? (${labels.unknownPeer})`);
  const tunnelLines = tunnelsIn(topology).map(({ ends, what }) => `${pairText(ends, labels)}: ${what}`);
  const lines = [
    ...namespaces.map((namespace) => namespaceText(namespace, labels, captions)),
    ...[...pairLines, ...tunnelLines, ...openLines],
  ];
  if (pairs.length === 0) lines.push(labels.noLinks);
  return lines.map(printable).join('\n');
}

export function pairText([first, second]: readonly [EndPoint, EndPoint], labels: FigureLabels): string {
  return `${endText(first, labels)} — ${endText(second, labels)}`;
}

/** Devices that say that they have a peer, where no pair names them. */
export function openEnds({ namespaces, pairs }: Topology): EndPoint[] {
  const paired = (namespace: string | null, device: string): boolean =>
    pairs.some(({ ends }) => ends.some((end) => end.namespace === namespace && end.device === device));
  return namespaces.flatMap(({ name, devices }) =>
    devices
      .filter((device) => device.peer !== 'none' && !paired(name, device.name))
      .map((device) => ({ namespace: name, device: device.name })),
  );
}

/** `tap0 10.1.1.1/24 (tap, no carrier)`, `eth0.10 (vlan 10 on eth0, port of br0, up)`, and what it has beyond that. */
export function deviceText(device: TopologyDevice, namespace: TopologyNamespace, labels: FigureLabels): string {
  const lower = lowerText({ device, namespace: namespace.name }, labels);
  const kind = [kindText(device, labels), ...(lower === null ? [] : [lower])].join(' ');
  const master = device.master === null ? [] : [labels.portOf(device.master)];
  const features = featureTexts(deviceFeatures(device, namespace), labels);
  const state = [kind, ...master, labels[liveness(device)], ...features].join(', ');
  return `${[device.name, ...device.addresses].join(' ')} (${state})`;
}

/** `tap0 (ns0)` */
export function endText({ namespace, device }: EndPoint, labels: FigureLabels): string {
  return `${device} (${namespace ?? labels.host})`;
}

function namespaceText(
  namespace: TopologyNamespace,
  labels: FigureLabels,
  captions: Readonly<Record<string, string>>,
): string {
  const { name, devices, routes, unreadRoutes } = namespace;
  const parts = devices.map((device) => deviceText(device, namespace, labels));
  if (parts.length === 0) parts.push(labels.noDevices);
  const listed = [...routes.map(routeText), ...(unreadRoutes > 0 ? [labels.unreadRoutes(unreadRoutes)] : [])];
  if (listed.length > 0) parts.push(`${labels.routes}: ${listed.join(', ')}`);
  const forwards = forwardingText(namespace, labels);
  parts.push(
    ...(forwards === null ? [] : [forwards]),
    ...chainTexts(namespace, labels).map((text) => labels.chain(text)),
  );
  const caption = captions[name ?? hostName];
  return `${name ?? labels.host}${caption === undefined ? '' : ` (${caption})`}: ${parts.join('; ')}`;
}
