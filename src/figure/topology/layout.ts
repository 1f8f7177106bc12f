import type { Topology, TopologyNamespace } from '../../observation/topology.ts';
import type { TopologyChange } from '../../observation/topology-changes.ts';
import type { FigureLabels } from '../labels.ts';
import { arrange } from './arrangement.ts';
import { asWideAs, boxSize, largest, namespaceBlock } from './block.ts';
import { unseenChangeTexts } from './changes-text.ts';
import {
  arrowSide,
  layerArrowSide,
  layersOf,
  cableOf,
  contentsOf,
  lineShape,
  linesBetween,
  orderedBlocks,
  rootNeedsBox,
  withGhosts,
  type Line,
} from './contents.ts';
import type { Point } from '../svg/geometry.ts';
import type { PlacedBlock } from './group.ts';
import { arrangeLayers } from './layers.ts';
import { Marks } from './marks.ts';
import type { ArrowSide } from './routes.ts';
import { badgeGap, fullMetrics, type RouteStyle, type TopologyStyle } from './style.ts';
import { lineHeight, moved, textLine, wrapped, type Shape } from './shapes.ts';
import { cableBadges, cableWords } from './words.ts';
import { deviceText } from './text.ts';

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
  readonly routes?: RouteStyle;
  /** What led to this topology, to be marked. */
  readonly changes?: readonly TopologyChange[];
  readonly labels: FigureLabels;
  readonly arranged?: ArrangedAs;
}

/** How a figure wants its namespaces to stand, each by its name, `host` for the root namespace. */
export interface ArrangedAs {
  /** From left to right. */
  readonly order?: readonly string[];
  /** From the top down; what is in none stands below all. In its place `order` says nothing. */
  readonly layers?: readonly (readonly string[])[];
  /** What a namespace stands for. */
  readonly captions?: Readonly<Record<string, string>>;
}

/** Where everything goes, without drawing it. */
export function layOutTopology(topology: Topology, options: TopologyLayoutOptions): TopologyLayout {
  const { title, labels, routes = 'words', changes = [], arranged = {} } = options;
  const { order = arranged.layers?.flat() ?? [], captions = {} } = arranged;
  const style: TopologyStyle = { labels, metrics: fullMetrics, routes, marks: new Marks(changes), captions };
  const hasRootBox = options.rootNamespace === 'box' || rootNeedsBox(topology);
  const drawn = withGhosts(topology, style.marks, order).filter(({ name }) => name !== null || hasRootBox);
  const {
    blocks,
    cables,
    width: contentsWidth,
    height: contentsHeight,
  } = arrangement(topology, drawn, style, {
    ...arranged,
    order,
  });
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
  y += style.marks.isEmpty ? 10 : badgeGap;
  const left = margin + hostPadding + (inner - contentsWidth) / 2;
  for (const { block, x: dx, y: dy } of blocks)
    shapes.push(...block.shapes.map((shape) => moved(shape, left + dx, y + dy)));
  for (const cable of cables) shapes.push(...cable.map((shape) => moved(shape, left, y)));
  y += contentsHeight;
  const notes = [...hostNote(topology, hasRootBox, labels), ...unseenChangeTexts(changes, { hasRootBox, labels })];
  if (notes.length > 0 && drawn.length > 0) y += 16;
  for (const note of notes) lines('caption', note, margin + hostPadding, inner);
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

/** What is on the host and has no box. */
function hostNote({ namespaces }: Topology, hasRootBox: boolean, labels: FigureLabels): string[] {
  const root = namespaces.find(({ name }) => name === null);
  if (root === undefined) return namespaces.length === 0 ? [labels.nothingObserved] : [];
  if (hasRootBox) return [];
  const devices = root.devices.map((device) => deviceText(device, root, labels));
  return [`${labels.rootNamespace}: ${devices.length === 0 ? labels.noDevices : devices.join('; ')}`];
}

interface Arrangement {
  readonly blocks: readonly PlacedBlock[];
  /** Each cable with its words, relative to the blocks' common corner. */
  readonly cables: readonly (readonly Shape[])[];
  readonly width: number;
  readonly height: number;
}

function arrangement(
  topology: Topology,
  drawn: readonly TopologyNamespace[],
  style: TopologyStyle,
  { order = [], layers }: ArrangedAs,
): Arrangement {
  const { labels, metrics, marks } = style;
  const between = linesBetween(topology);
  const cables = between.map((line) => cableOf(line, drawn, layers === undefined ? order : []));
  const sideOf = (block: number, hasRightSide: boolean): ArrowSide =>
    layers === undefined ? arrowSide(block, cables, hasRightSide) : layerArrowSide(block, cables);
  const contents = drawn.map((namespace, block) => {
    const made = contentsOf(namespace, topology, sideOf(block, false), style);
    const hasRightSide = made.loops.length + made.open.size > 0;
    return { ...made, arrows: sideOf(block, hasRightSide) };
  });
  const shared = largest(contents.map((each) => boxSize(each, style)));
  const blocks = contents.map((each) => namespaceBlock(each, asWideAs(shared, boxSize(each, style)), style));
  const placed =
    layers === undefined
      ? arrange(blocks, cables, metrics, orderedBlocks(drawn, order))
      : arrangeLayers(blocks, cables, layersOf(drawn, layers), metrics);
  const links = placed.routes.map((points, index): Shape => {
    const line = between[index];
    if (line === undefined) throw new RangeError('a cable without ends was routed');
    return lineShape(line, points, topology, style);
  });
  const newRoutes = placed.routes.filter((_, index) => marks.isNewPair(between[index]?.ends ?? []));
  const words = cableWords(
    routesOf(between, placed.routes, 'pair'),
    routesOf(between, placed.routes, 'tunnel'),
    labels,
  );
  return { ...placed, cables: [links, words, cableBadges(newRoutes, placed.routes, labels)] };
}

function routesOf(
  lines: readonly Line[],
  routes: readonly (readonly Point[])[],
  role: Line['role'],
): (readonly Point[])[] {
  return routes.filter((_, index) => lines[index]?.role === role);
}
