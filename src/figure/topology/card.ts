import { isStacked } from '../../observation/lower.ts';
import type { TopologyDevice, TopologyNamespace } from '../../observation/topology.ts';
import type { FigureLabels } from '../labels.ts';
import { markedFrame } from './badge.ts';
import { featuresWidth, listFeatures } from './card-features.ts';
import { Column, lampRoom } from './column.ts';
import type { DeviceMark } from './marks.ts';
import { textWidth, type Block, type Liveness, type Port, type Shape } from './shapes.ts';
import { gapsOf, type TopologyStyle } from './style.ts';

export function liveness(device: Pick<TopologyDevice, 'up' | 'carrier'>): Liveness {
  if (!device.up) return 'down';
  return device.carrier ? 'up' : 'noCarrier';
}

/** A device as its card shows it. */
export interface Card {
  readonly device: TopologyDevice;
  readonly namespace: TopologyNamespace;
  /** The card hangs below that of its lower device, which need not be named then. */
  readonly hangs: boolean;
}

/** `vlan 10`, and the protocol where it is not the usual one. */
export function kindText({ kind, vlan }: TopologyDevice, labels: FigureLabels): string {
  if (vlan === null) return kind === 'unknown' ? labels.unknownKind : kind;
  return [kind, vlan.id, ...(vlan.protocol === '802.1Q' ? [] : [vlan.protocol])].join(' ');
}

/** `on eth0`, with the namespace where it is another one; null for a device that stands on no other. */
export function lowerText(
  { device, namespace }: { readonly device: TopologyDevice; readonly namespace: string | null },
  labels: FigureLabels,
): string | null {
  const { lower, kind } = device;
  if (lower === null) return isStacked(kind) ? labels.on('?') : null;
  const where = lower.namespace === namespace ? '' : ` (${lower.namespace ?? labels.host})`;
  return labels.on(lower.device + where);
}

/** The words of a card: at the left what the device is, at the right its addresses. */
function cardWords(card: Card, { labels, metrics }: TopologyStyle): { kind: string[]; addresses: string[] } {
  const { device, hangs } = card;
  if (device.kind === 'loopback') return { kind: [], addresses: [] };
  const below = hangs ? null : lowerText({ device, namespace: card.namespace.name }, labels);
  const listed = device.addresses.slice(0, metrics.maxAddresses);
  const left = device.addresses.length - listed.length;
  const addresses = left > 0 ? [...listed, labels.more(left)] : listed;
  return { kind: [kindText(device, labels), ...(below === null ? [] : [below])], addresses };
}

export function cardWidth(card: Card, style: TopologyStyle): number {
  const { labels, metrics } = style;
  const { kind, addresses } = cardWords(card, style);
  const { device } = card;
  const first =
    textWidth('device', device.name) + metrics.columnGap + lampRoom + textWidth('state', labels[liveness(device)]);
  const kindWidth = Math.max(...[...kind, ''].map((line) => textWidth('kind', line))) + metrics.columnGap;
  const words = addresses.map((address) => kindWidth + textWidth('address', address));
  const bare = metrics.isWordy ? kindWidth + textWidth('kind', labels.noAddress) : kindWidth;
  return Math.max(first, ...words, bare, featuresWidth(device, card.namespace, style)) + 2 * metrics.cardPaddingX;
}

/** The card of one device; `ports` lie within it, below its words, `indent` px from the left. */
export function deviceCard(
  card: Card,
  { ports, indent, width }: { readonly ports: readonly Block[]; readonly indent: number; readonly width: number },
  style: TopologyStyle,
): Block {
  const { labels, metrics, marks } = style;
  const mark = marks.device(card.namespace.name, card.device.name);
  const isLoopback = card.device.kind === 'loopback';
  const paddingY = isLoopback ? 3 : metrics.cardPaddingY;
  const column = new Column(metrics.cardPaddingX, paddingY, width - 2 * metrics.cardPaddingX, metrics.columnGap);
  write(column, card, mark, style);
  if (mark.mark !== 'isGone') {
    listFeatures(column, card.device, card.namespace, { width: width - 2 * metrics.cardPaddingX, style });
  }
  const headHeight = column.y + metrics.cardPaddingY;
  for (const port of ports) column.block(port, gapsOf(style).cardGap, indent);
  const height = column.y + (ports.length > 0 ? metrics.cardPaddingX : paddingY);
  const tone = mark.mark === 'isGone' ? 'ghost' : liveness(card.device);
  const frame: Shape = { kind: 'frame', role: 'device', tone, x: 0, y: 0, width, height };
  const own: Port = { y: (ports.length > 0 ? headHeight : height) / 2, left: 0, right: width };
  return {
    width,
    height,
    shapes: [frame, ...column.shapes, ...markedFrame(mark.mark, { role: 'device', width, height }, labels)],
    ports: new Map([...column.ports, [card.device.name, own]]),
  };
}

function write(column: Column, card: Card, mark: DeviceMark, style: TopologyStyle): void {
  const { device } = card;
  const { labels, metrics } = style;
  const { kind, addresses } = cardWords(card, style);
  const isLoopback = device.kind === 'loopback';
  const nameRole = isLoopback ? 'kind' : 'device';
  if (mark.mark === 'isGone') {
    column.pair({ role: nameRole, lines: [device.name], tone: 'ghost' }, null);
    column.pair({ role: 'kind', lines: kind }, null);
    return;
  }
  const tone = liveness(device);
  const state = labels[tone];
  column.pair(
    { role: nameRole, lines: [device.name] },
    { role: 'state', lines: [state], tone, lamp: true, marked: new Set(mark.state ? [state] : []) },
  );
  const bare = metrics.isWordy && addresses.length === 0 && device.master === null && !isLoopback;
  column.pair(
    { role: 'kind', lines: kind },
    bare
      ? { role: 'kind', lines: [labels.noAddress] }
      : { role: 'address', lines: addresses, marked: mark.mark === 'isNew' ? new Set() : mark.addresses },
  );
}
