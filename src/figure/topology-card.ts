import type { TopologyDevice } from '../observation/topology.ts';
import type { FigureLabels } from './labels.ts';
import { Column, columnGap, lampRoom } from './topology-column.ts';
import { textWidth, type Block, type Liveness, type Port, type Shape } from './topology-shapes.ts';

/** Left and right of a card's words, and around the ports within a bridge's card. */
export const cardPaddingX = 12;
export const cardGap = 10;
const cardPaddingY = 8;
/** Of more addresses, the last are left out and counted. */
const maxAddresses = 16;

export function liveness(device: Pick<TopologyDevice, 'up' | 'carrier'>): Liveness {
  if (!device.up) return 'down';
  return device.carrier ? 'up' : 'noCarrier';
}

/** How many masters, one in the other, hold the device within this namespace. */
export function depth(device: TopologyDevice, devices: readonly TopologyDevice[]): number {
  const seen = new Set([device.name]);
  let { master } = device;
  while (master !== null && !seen.has(master)) {
    const holder = devices.find(({ name }) => name === master);
    if (holder === undefined) break;
    seen.add(holder.name);
    master = holder.master;
  }
  return seen.size - 1;
}

/** A card for each device; the ports of a bridge lie within its card. */
export function deviceCards(devices: readonly TopologyDevice[], width: number, labels: FigureLabels): Block[] {
  const drawn = new Set<string>();
  const card = (device: TopologyDevice, room: number): Block => {
    drawn.add(device.name);
    const ports = devices
      .filter(({ name, master }) => master === device.name && !drawn.has(name))
      .map((port) => card(port, room - 2 * cardPaddingX));
    return deviceCard(device, ports, room, labels);
  };
  const held = (device: TopologyDevice): boolean => devices.some(({ name }) => name === device.master);
  const cards = devices.filter((device) => !held(device)).map((device) => card(device, width));
  // Masters that hold each other in a ring: no kernel allows it, but a capture may say it.
  for (const device of devices) if (!drawn.has(device.name)) cards.push(card(device, width));
  return cards;
}

/** The words of a card: at the left what the device is, at the right its state and addresses. */
function cardWords(device: TopologyDevice, labels: FigureLabels): { kind: string[]; addresses: string[] } {
  const kind = device.kind === 'unknown' ? labels.unknownKind : device.kind;
  if (device.kind === 'loopback') return { kind: [], addresses: [] };
  const listed = device.addresses.slice(0, maxAddresses);
  const left = device.addresses.length - listed.length;
  const addresses = left > 0 ? [...listed, labels.more(left)] : listed;
  return { kind: [kind], addresses };
}

export function cardWidth(device: TopologyDevice, labels: FigureLabels): number {
  const { kind, addresses } = cardWords(device, labels);
  const first = textWidth('device', device.name) + columnGap + lampRoom + textWidth('state', labels[liveness(device)]);
  const kindWidth = textWidth('kind', kind[0] ?? '') + columnGap;
  const words = addresses.map((address) => kindWidth + textWidth('address', address));
  return Math.max(first, ...words, kindWidth + textWidth('kind', labels.noAddress)) + 2 * cardPaddingX;
}

function deviceCard(device: TopologyDevice, ports: readonly Block[], width: number, labels: FigureLabels): Block {
  const tone = liveness(device);
  const { kind, addresses } = cardWords(device, labels);
  const isLoopback = device.kind === 'loopback';
  const column = new Column(cardPaddingX, isLoopback ? 3 : cardPaddingY, width - 2 * cardPaddingX);
  column.pair(
    { role: isLoopback ? 'kind' : 'device', lines: [device.name] },
    { role: 'state', lines: [labels[tone]], tone, lamp: true },
  );
  const bare = addresses.length === 0 && device.master === null && !isLoopback;
  column.pair(
    { role: 'kind', lines: kind },
    bare ? { role: 'kind', lines: [labels.noAddress] } : { role: 'address', lines: addresses },
  );
  const headHeight = column.y + cardPaddingY;
  for (const port of ports) column.block(port, cardGap);
  const bottom = ports.length > 0 ? cardPaddingX : isLoopback ? 3 : cardPaddingY;
  const height = column.y + bottom;
  const frame: Shape = { kind: 'frame', role: 'device', tone, x: 0, y: 0, width, height };
  const own: Port = { y: (ports.length > 0 ? headHeight : height) / 2, left: 0, right: width };
  return { width, height, shapes: [frame, ...column.shapes], ports: new Map([...column.ports, [device.name, own]]) };
}
