import { bareNamespace, type Topology, type TopologyNamespace } from '../../observation/topology.ts';
import { arrange, type Arrangement } from './arrangement.ts';
import {
  asWideAs,
  boxSize,
  largest,
  namespaceBlock,
  portOf,
  type BoxSize,
  type NamespaceContents,
  type Reserve,
} from './block.ts';
import {
  arrowSide,
  cableOf,
  contentsOf,
  inOrder,
  layerArrowSide,
  layersOf,
  lineShape,
  linesBetween,
  orderedBlocks,
  rootNeedsBox,
  withGhosts,
  type Line,
} from './contents.ts';
import type { Cable } from './group.ts';
import { arrangeLayers } from './layers.ts';
import type { ArrangedAs } from './layout.ts';
import type { Point } from '../svg/geometry.ts';
import { moved, type Block, type Shape } from './shapes.ts';
import { gapsOf, type TopologyStyle } from './style.ts';
import { deviceCards } from './tree.ts';
import { cableBadges } from './words.ts';

/** A topology of several that show the same network, and how it is drawn. */
export interface Step {
  readonly topology: Topology;
  readonly style: TopologyStyle;
}

/** What is drawn of one step, relative to the corner that all steps have in common. */
export type Scene = readonly Shape[];

export interface Scenes {
  readonly scenes: readonly Scene[];
  /** Whether the root namespace is drawn, as it is at all steps where one needs it. */
  readonly hasRootBox: boolean;
  readonly width: number;
  readonly height: number;
}

/** Lays out what is there at any step, once, and draws of it at each step what is there then. */
export function stripScenes(steps: readonly Step[], { layers, order = layers?.flat() ?? [] }: ArrangedAs): Scenes {
  const hasRootBox = steps.some(({ topology }) => rootNeedsBox(topology));
  const all = unionOf(steps.map(({ topology }) => topology));
  const stage = inOrder(all.namespaces, order).filter(({ name }) => name !== null || hasRootBox);
  const lines = linesOf(all, steps);
  const cables = lines.map((line) => cableOf(line, stage, layers === undefined ? order : []));
  const boxes = stage.map((namespace, index) => {
    const side = layers === undefined ? arrowSideOf(index, cables, steps, stage) : layerArrowSide(index, cables);
    return boxesOf(namespace, steps, side);
  });
  const shared = largest(boxes.flatMap(({ size }) => size));
  const blocks = boxes.map((box) => drawBoxes(box, shared));
  const largestBlocks = stage.map((namespace, index) => largestBlock(namespace, blocks[index] ?? []));
  const gaps = steps[0]?.style.metrics ?? { gapX: 0, gapY: 0 };
  const placed =
    layers === undefined
      ? arrange(largestBlocks, cables, gaps, orderedBlocks(stage, order))
      : arrangeLayers(largestBlocks, cables, layersOf(stage, layers), gaps);
  const scenes = steps.map((step, at) => {
    const here = blocks.map((each) => each[at] ?? null);
    const boxed = placed.blocks.flatMap(({ x, y }, index) =>
      (here[index]?.shapes ?? []).map((shape) => moved(shape, x, y)),
    );
    return [...boxed, ...drawCables(step, { lines, cables, placed, here })];
  });
  return { scenes, hasRootBox, width: placed.width, height: placed.height };
}

/** Every namespace, device and pair of any step; a device as it is in the last step that has it. */
function unionOf(topologies: readonly Topology[]): Topology {
  const devices = new Map<string | null, Map<string, TopologyNamespace['devices'][number]>>();
  const pairs = new Map<string, Topology['pairs'][number]>();
  for (const topology of topologies) {
    for (const namespace of topology.namespaces) {
      const known = devices.get(namespace.name) ?? new Map<string, TopologyNamespace['devices'][number]>();
      for (const device of namespace.devices) known.set(device.name, device);
      devices.set(namespace.name, known);
    }
    for (const pair of topology.pairs) pairs.set(pairKey(pair), pair);
  }
  const names = [...devices.keys()].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
  const namespaces = names.map((name) => bareNamespace(name, [...(devices.get(name)?.values() ?? [])]));
  return { namespaces, pairs: [...pairs.values()] };
}

/** Those of all steps; a tunnel is found in each by itself, since addresses may move from one device to another. */
function linesOf(all: Topology, steps: readonly Step[]): Line[] {
  const pairs = linesBetween(all).filter(({ role }) => role === 'pair');
  const tunnels = steps.flatMap(({ topology }) => linesBetween(topology).filter(({ role }) => role === 'tunnel'));
  return [...pairs, ...new Map(tunnels.map((line) => [lineKey(line), line])).values()];
}

function lineKey(line: Line): string {
  return `${line.role} ${pairKey(line)}`;
}

function pairKey({ ends }: Pick<Line, 'ends'>): string {
  return ends.map(({ namespace, device }) => JSON.stringify([namespace, device])).join();
}

type Side = NamespaceContents['arrows'];

function arrowSideOf(
  index: number,
  cables: readonly Cable[],
  steps: readonly Step[],
  stage: readonly TopologyNamespace[],
): Side {
  const left = arrowSide(index, cables, true);
  const name = stage[index]?.name ?? null;
  const hasRightSide = steps.some(({ topology, style }) => {
    const namespace = topology.namespaces.find((one) => one.name === name);
    if (namespace === undefined) return false;
    const { loops, open } = contentsOf(namespace, topology, left, style);
    return loops.length + open.size > 0;
  });
  return arrowSide(index, cables, hasRightSide);
}

/** One namespace at every step: null where it is not there. */
interface Boxes {
  readonly contents: readonly (NamespaceContents | null)[];
  readonly styles: readonly TopologyStyle[];
  readonly order: readonly string[];
  readonly size: BoxSize;
}

function boxesOf(namespace: TopologyNamespace, steps: readonly Step[], arrows: Side): Boxes {
  const contents = steps.map(({ topology, style }) => {
    const found = withGhosts(topology, style.marks).find(({ name }) => name === namespace.name);
    return found === undefined ? null : contentsOf(found, topology, arrows, style);
  });
  const sizes = steps.flatMap(({ style }, at) => {
    const here = contents[at] ?? null;
    return here === null ? [] : [boxSize(here, style)];
  });
  return {
    contents,
    styles: steps.map(({ style }) => style),
    order: namespace.devices.map(({ name }) => name),
    size: largest(sizes),
  };
}

/** The box of a namespace at every step, all of one size, each card in one place. */
function drawBoxes({ contents, styles, order, size }: Boxes, shared: BoxSize): (Block | null)[] {
  const fitted = asWideAs(shared, size);
  const each = <T>(made: (contents: NamespaceContents, style: TopologyStyle) => T): T[] =>
    contents.flatMap((one, at) => {
      const style = styles[at];
      return one === null || style === undefined ? [] : [made(one, style)];
    });
  const stacks = each(({ namespace }, style) => ({
    standing: deviceCards(namespace, fitted.inner, style),
    isThere: (name: string) => namespace.devices.some((device) => device.name === name),
    gap: gapsOf(style).cardGap,
  }));
  // A card that is in a bridge at one step, and by itself at another, would push those below it: it stands last.
  const isNested = (name: string): boolean => stacks.some((stack) => stack.isThere(name) && !stack.standing.has(name));
  const stable = [...order.filter((name) => !isNested(name)), ...order.filter(isNested)];
  const cards = new Map(
    stable.flatMap((name) => {
      const heights = stacks.flatMap(({ standing }) => standing.get(name)?.height ?? []);
      return heights.length === 0 ? [] : [[name, Math.max(...heights)] as const];
    }),
  );
  const stackHeights = stacks.map(({ standing, isThere, gap }) => {
    const kept = [...cards].filter(([name]) => standing.has(name) || !isThere(name));
    return kept.reduce((sum, [, height]) => sum + gap + height, 0);
  });
  const reserve: Reserve = { cards, cardsHeight: Math.max(0, ...stackHeights), height: 0 };
  const natural = each((one, style) => namespaceBlock(one, fitted, style, reserve).height);
  const kept = { ...reserve, height: Math.max(0, ...natural) };
  return contents.map((one, at) => {
    const style = styles[at];
    return one === null || style === undefined ? null : namespaceBlock(one, fitted, style, kept);
  });
}

/** Stands for a box at all steps where boxes are placed: its size, and the ports of the last step that has each. */
function largestBlock({ name }: TopologyNamespace, blocks: readonly (Block | null)[]): Block {
  const there = blocks.filter((block) => block !== null);
  if (there.length === 0) throw new RangeError(`no step has the namespace '${name ?? ''}'`);
  return {
    width: Math.max(...there.map(({ width }) => width)),
    height: Math.max(...there.map(({ height }) => height)),
    shapes: [],
    ports: new Map(there.flatMap(({ ports }) => [...ports])),
  };
}

interface Stage {
  readonly lines: readonly Line[];
  readonly cables: readonly Cable[];
  readonly placed: Arrangement;
  readonly here: readonly (Block | null)[];
}

/** The cables of one step, on the ways that they have at all steps. */
function drawCables({ topology, style }: Step, { lines, cables, placed, here }: Stage): Shape[] {
  const there = new Set(linesBetween(topology).map(lineKey));
  const drawn = lines.flatMap((line, index) => {
    const [cable, points] = [cables[index], placed.routes[index]];
    if (!there.has(lineKey(line)) || cable === undefined || points === undefined) return [];
    return [{ line, points: fit(points, cable, placed, here) }];
  });
  const links = drawn.map(({ line, points }) => lineShape(line, points, topology, style));
  const news = drawn.filter(({ line }) => style.marks.isNewPair(line.ends)).map(({ points }) => points);
  const ways = drawn.map(({ points }) => points);
  return [...links, ...cableBadges(news, ways, style.labels)];
}

/** A card that lies elsewhere at this step, within a bridge or below another card, has its port there. */
function fit(
  points: readonly Point[],
  { ends }: Cable,
  { blocks }: Arrangement,
  here: readonly (Block | null)[],
): Point[] {
  const [left, right] = ends
    .map(({ block, port }) => {
      const [place, box] = [blocks[block], here[block]];
      if (place === undefined || box === null || box === undefined) {
        throw new RangeError('a pair ends in a namespace that was not observed');
      }
      const { y, left: x, right: farX } = portOf(box.ports, port);
      return { boxX: place.x, y: place.y + y, left: place.x + x, right: place.x + farX };
    })
    .sort((a, b) => a.boxX - b.boxX);
  const [second, beforeLast] = [points.at(1), points.at(-2)];
  if (left === undefined || right === undefined || second === undefined || beforeLast === undefined) {
    throw new RangeError('a cable has two ends');
  }
  return [
    { x: left.right, y: left.y },
    { x: second.x, y: left.y },
    ...points.slice(2, -2),
    { x: beforeLast.x, y: right.y },
    { x: right.left, y: right.y },
  ];
}
