/**
 * Masks: what may differ between a figure of the paper and the rerun's, or between two runs, while they show the same
 * thing. A figure's rule is the list of masks that it allows.
 */
export const textMaskNames = [
  'mac-addresses',
  'interface-indexes',
  'round-trip-times',
  'durations',
  'kernel-wording',
  'unreachable',
  'neighbour-states',
  'unsettled-carrier',
  'line-order',
] as const;
export type TextMask = (typeof textMaskNames)[number];

/** What a drawing may leave out of the network that it shows. */
export const topologyMaskNames = [
  'loopback',
  'host-devices',
  'addresses',
  'routes',
  'carrier',
  'vlans',
  'qdiscs',
  'forwarding',
  'filters',
  'tunnels',
] as const;
export type TopologyMask = (typeof topologyMaskNames)[number];

/** Whether a mask is one of these, and not one of a study's own. */
export function isKnownMask(name: string): boolean {
  return ([...textMaskNames, ...topologyMaskNames] as readonly string[]).includes(name);
}
