import type { EndPoint, Topology, TopologyNamespace } from '../observation/topology.ts';
import type { FigureLabels } from './labels.ts';
import { contentWidth, namespaceBlock, type Loop, type NamespaceContents } from './topology-block.ts';
import { liveness } from './topology-card.ts';
import { arrange } from './topology-arrangement.ts';
import type { Cable, PlacedBlock } from './topology-group.ts';
import { lineHeight, moved, textLine, wrapped, type Block, type Shape } from './topology-shapes.ts';
import { cableWords } from './topology-words.ts';
import { deviceText, openEnds, pairText } from './topology-text.ts';

const margin = 8;
const hostPadding = 24;
const narrowestPicture = 480;

export interface TopologyLayout {
  readonly width: number;
  readonly height: number;
  /** From the back to the front. */
  readonly shapes: readonly Shape[];
}

export interface TopologyLayoutOptions {
  readonly title: string;
  /** `box`: always drawn as a box of its own; `auto`: only when a cable, a bridge or an open end is in it, else in words. */
  readonly rootNamespace: 'auto' | 'box';
  readonly labels: FigureLabels;
}

/** Where everything goes, without drawing it. */
export function layOutTopology(topology: Topology, options: TopologyLayoutOptions): TopologyLayout {
  const { title, labels } = options;
  const drawn = topology.namespaces.filter(
    ({ name }) => name !== null || rootNeedsBox(topology, options.rootNamespace),
  );
  const { blocks, cables, width: contentsWidth, height: contentsHeight } = arrangement(topology, drawn, labels);
  const inner = Math.max(contentsWidth, narrowestPicture - 2 * (margin + hostPadding));
  const width = inner + 2 * (margin + hostPadding);
  const shapes: Shape[] = [];
  let y = margin;
  const lines = (role: 'title' | 'host' | 'caption', text: string, x: number, room: number): void => {
    for (const line of wrapped(role, text, room)) {
      shapes.push(textLine(role, line, { x, y }));
      y += lineHeight(role);
    }
  };

  lines('title', title, margin, width - 2 * margin);
  y += 6;
  const hostTop = y;
  y += 12;
  lines('host', labels.host, margin + hostPadding, inner);
  y += 10;
  const left = margin + hostPadding + (inner - contentsWidth) / 2;
  for (const { block, x: dx, y: dy } of blocks)
    shapes.push(...block.shapes.map((shape) => moved(shape, left + dx, y + dy)));
  for (const cable of cables) shapes.push(...cable.map((shape) => moved(shape, left, y)));
  y += contentsHeight;
  const note = hostNote(topology, drawn, labels);
  if (note !== null) {
    y += drawn.length > 0 ? 16 : 0;
    lines('caption', note, margin + hostPadding, inner);
  }
  y += hostPadding - 6;
  const host: Shape = {
    kind: 'frame',
    role: 'host',
    tone: null,
    x: margin,
    y: hostTop,
    width: width - 2 * margin,
    height: y - hostTop,
  };
  return { width, height: y + margin, shapes: [host, ...shapes] };
}

function rootNeedsBox(topology: Topology, wanted: 'auto' | 'box'): boolean {
  const root = topology.namespaces.find(({ name }) => name === null);
  if (root === undefined) return false;
  return (
    wanted === 'box' ||
    root.devices.some(({ peer, master, kind }) => peer !== 'none' || master !== null || kind === 'bridge')
  );
}

/** What is on the host and has no box. */
function hostNote(topology: Topology, drawn: readonly TopologyNamespace[], labels: FigureLabels): string | null {
  const root = topology.namespaces.find(({ name }) => name === null);
  if (root === undefined) return drawn.length === 0 ? labels.nothingObserved : null;
  if (drawn.includes(root)) return null;
  const devices = root.devices.map((device) => deviceText(device, labels));
  return `${labels.rootNamespace}: ${devices.length === 0 ? labels.noDevices : devices.join('; ')}`;
}

interface Arrangement {
  readonly blocks: readonly PlacedBlock[];
  /** Each cable with its words, relative to the blocks' common corner. */
  readonly cables: readonly (readonly Shape[])[];
  readonly width: number;
  readonly height: number;
}

function arrangement(topology: Topology, drawn: readonly TopologyNamespace[], labels: FigureLabels): Arrangement {
  const contents = drawn.map((namespace) => contentsOf(namespace, topology, labels));
  const inner = Math.max(0, ...contents.map((each) => contentWidth(each, labels)));
  const loops = Math.max(0, ...contents.map((each) => each.loops.length));
  const blocks: Block[] = contents.map((each) => namespaceBlock(each, { inner, loops }, labels));
  const between = topology.pairs.filter(({ ends: [a, b] }) => a.namespace !== b.namespace);
  const cables: Cable[] = between.map(({ ends }) => ({ ends: [endOf(ends[0], drawn), endOf(ends[1], drawn)] }));
  const placed = arrange(blocks, cables);
  const links = placed.routes.map((points, index): Shape => {
    const ends = between[index]?.ends;
    if (ends === undefined) throw new RangeError('a cable without ends was routed');
    return { kind: 'link', points, live: isLive(ends, topology), title: pairText(ends, labels) };
  });
  return { ...placed, cables: [links, cableWords(placed.routes, labels)] };
}

function endOf({ namespace, device }: EndPoint, drawn: readonly TopologyNamespace[]): Cable['ends'][number] {
  const block = drawn.findIndex(({ name }) => name === namespace);
  const hasMaster = drawn[block]?.devices.some(({ name, master }) => name === device && master !== null) ?? false;
  return { block, port: device, hasMaster };
}

function contentsOf(namespace: TopologyNamespace, topology: Topology, labels: FigureLabels): NamespaceContents {
  const loops = topology.pairs
    .filter(({ ends }) => ends.every((end) => end.namespace === namespace.name))
    .map(({ ends }): Loop => ({
      ends: [ends[0].device, ends[1].device],
      live: isLive(ends, topology),
      title: pairText(ends, labels),
    }));
  const open = openEnds(topology).filter((end) => end.namespace === namespace.name);
  return { namespace, loops, open: new Set(open.map(({ device }) => device)) };
}

function isLive(ends: readonly [EndPoint, EndPoint], { namespaces }: Topology): boolean {
  return ends.every((end) => {
    const namespace = namespaces.find(({ name }) => name === end.namespace);
    const device = namespace?.devices.find(({ name }) => name === end.device);
    return device !== undefined && liveness(device) === 'up';
  });
}
