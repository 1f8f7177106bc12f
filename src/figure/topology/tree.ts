import type { TopologyDevice, TopologyNamespace } from '../../observation/topology.ts';
import { cardWidth, deviceCard, type Card } from './card.ts';
import { Column } from './column.ts';
import type { Block, Port, Shape } from './shapes.ts';
import { gapsOf, type TopologyStyle } from './style.ts';

/** Left of a bridge's ports: the bus that they are attached to. */
const busRoom = 14;
/** Left of a card that hangs below that of its lower device: the wire to it. */
const hangRoom = 20;

/** A device, those that it holds as ports, and those that stand on it. */
interface Twig extends Card {
  readonly ports: readonly Twig[];
  readonly uppers: readonly Twig[];
}

/** Whether the device is drawn below the one that it stands on: where that is in the same box, and no bridge holds it. */
export function hangs(device: TopologyDevice, { name, devices }: TopologyNamespace): boolean {
  const isHere = (other: string | undefined | null): boolean => devices.some((one) => one.name === other);
  return device.lower?.namespace === name && isHere(device.lower.device) && !isHere(device.master);
}

/** Ports lie within what holds them, VLANs hang below what they stand on; the others as they come. */
function twigsOf(namespace: TopologyNamespace): Twig[] {
  const { devices } = namespace;
  const drawn = new Set<TopologyDevice>();
  const grow = (device: TopologyDevice): Twig => {
    drawn.add(device);
    const among = (picked: (other: TopologyDevice) => boolean): Twig[] =>
      devices.filter((other) => !drawn.has(other) && picked(other)).map(grow);
    return {
      device,
      namespace,
      hangs: hangs(device, namespace),
      ports: among(({ master }) => master === device.name),
      uppers: among((other) => hangs(other, namespace) && other.lower?.device === device.name),
    };
  };
  const isHeld = ({ master }: TopologyDevice): boolean => devices.some((other) => other.name === master);
  const twigs = devices.filter((device) => !isHeld(device) && !hangs(device, namespace)).map(grow);
  // Masters that hold each other in a ring: no kernel allows it, but a capture may say it.
  for (const device of devices) if (!drawn.has(device)) twigs.push(grow(device));
  return twigs;
}

/** Width in px that the cards of a namespace would like. */
export function cardsWidth(namespace: TopologyNamespace, style: TopologyStyle): number {
  const width = (twig: Twig): number =>
    Math.max(
      cardWidth(twig, style),
      ...twig.ports.map((port) => width(port) + 2 * style.metrics.cardPaddingX + indentOf(twig)),
      ...twig.uppers.map((upper) => width(upper) + hangRoom),
    );
  return Math.max(0, ...twigsOf(namespace).map(width));
}

/** The cards that stand by themselves, each with what belongs to it, by the names of their devices. */
export function deviceCards(
  namespace: TopologyNamespace,
  width: number,
  style: TopologyStyle,
): ReadonlyMap<string, Block> {
  return new Map(twigsOf(namespace).map((twig) => [twig.device.name, twigBlock(twig, width, style)]));
}

function indentOf({ device }: Twig): number {
  return device.kind === 'bridge' ? busRoom : 0;
}

function twigBlock(twig: Twig, width: number, style: TopologyStyle): Block {
  const column = new Column(0, 0, width, 0);
  column.block(holderCard(twig, width, style), 0);
  const foot = column.y;
  for (const upper of twig.uppers) {
    column.block(twigBlock(upper, width - hangRoom, style), gapsOf(style).cardGap, hangRoom);
  }
  const wires = twig.uppers.flatMap(({ device }) => hangingWire(column.ports.get(device.name), foot));
  return { width, height: column.y, shapes: [...wires, ...column.shapes], ports: column.ports };
}

/** From the lower edge of a card to the left edge of one that stands on it. */
function hangingWire(port: Port | undefined, foot: number): Shape[] {
  if (port === undefined) return [];
  const x = hangRoom / 2;
  const points = [
    { x, y: foot },
    { x, y: port.y },
    { x: port.left, y: port.y },
  ];
  return [{ kind: 'wire', role: 'lower', points }];
}

function holderCard(twig: Twig, width: number, style: TopologyStyle): Block {
  const { cardPaddingX } = style.metrics;
  const indent = indentOf(twig);
  const ports = twig.ports.map((port) => twigBlock(port, width - 2 * cardPaddingX - indent, style));
  const card = deviceCard(twig, { ports, indent, width }, style);
  if (twig.device.kind !== 'bridge' || ports.length === 0) return card;
  const places = twig.ports.flatMap(({ device }) => card.ports.get(device.name) ?? []);
  return { ...card, shapes: [...card.shapes, ...bus(places, cardPaddingX + 2)] };
}

/** An upright line at the left, and a short one to each port: a bridge as it is drawn on a board. */
function bus(ports: readonly Port[], x: number): Shape[] {
  const ys = ports.map(({ y }) => y);
  const upright = [Math.min(...ys) - 12, Math.max(...ys) + 12].map((y) => ({ x, y }));
  const taps = ports.map(({ y, left }): Shape => ({
    kind: 'wire',
    role: 'port',
    points: [
      { x, y },
      { x: left, y },
    ],
  }));
  return [{ kind: 'wire', role: 'bus', points: upright }, ...taps];
}
