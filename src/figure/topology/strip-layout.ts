import type { Topology } from '../../observation/topology.ts';
import type { TopologyChange } from '../../observation/topology-changes.ts';
import type { FigureLabels } from '../labels.ts';
import { unseenChangeTexts } from './changes-text.ts';
import { Marks } from './marks.ts';
import { lineHeight, moved, textLine, wrapped, type Shape } from './shapes.ts';
import { stripScenes, type Scene } from './scenes.ts';
import { compactMetrics, type RouteStyle } from './style.ts';
import type { ArrangedAs, TopologyLayout } from './layout.ts';

const margin = 8;
const panelPadding = 14;
const panelGap = 16;
/** Panels are set side by side up to this width (px): about what GitHub shows without shrinking. */
const rowWidth = 940;
const narrowestPanel = 280;
/** Of a panel's number: a disc. */
const discRadius = 11;
const discRoom = 2 * discRadius + 8;

export interface StripPanel {
  readonly title: string;
  readonly topology: Topology;
  /** What changed since the panel before; none for the first. */
  readonly changes: readonly TopologyChange[];
}

export interface StripLayoutOptions {
  readonly title: string;
  readonly routes: RouteStyle;
  readonly labels: FigureLabels;
  readonly arranged?: ArrangedAs;
}

/** A panel's parts, in coordinates of its own. */
interface Panel {
  readonly shapes: readonly Shape[];
  readonly height: number;
}

/** Where everything goes: each thing in the same place of every panel, as far as it stays what it is. */
export function layOutStrip(panels: readonly StripPanel[], options: StripLayoutOptions): TopologyLayout {
  const { title, labels, routes, arranged = {} } = options;
  const { captions = {} } = arranged;
  const steps = panels.map(({ topology, changes }) => ({
    topology,
    style: { labels, metrics: compactMetrics, routes, marks: new Marks(changes), captions },
  }));
  const { scenes, hasRootBox, width: sceneWidth, height: sceneHeight } = stripScenes(steps, arranged);
  const inner = Math.max(sceneWidth, narrowestPanel);
  const panelWidth = inner + 2 * panelPadding;
  const headHeight = Math.max(0, ...panels.map((panel) => titleLines(panel.title, inner).length)) * lineHeight('host');
  const drawn = scenes.map((scene, index) =>
    layOutPanel(scene, {
      panel: panels[index],
      number: index + 1,
      inner,
      sceneWidth,
      sceneHeight,
      headHeight,
      hasRootBox,
      labels,
    }),
  );

  const perRow = Math.max(1, Math.floor((rowWidth + panelGap) / (panelWidth + panelGap)));
  const columns = Math.min(perRow, Math.max(1, panels.length));
  const width = 2 * margin + columns * panelWidth + (columns - 1) * panelGap;
  const shapes: Shape[] = [];
  let y = margin;
  for (const line of wrapped('title', title, width - 2 * margin)) {
    shapes.push(textLine('title', line, { x: margin, y }));
    y += lineHeight('title');
  }
  y += 6;
  for (let first = 0; first < drawn.length; first += perRow) {
    const row = drawn.slice(first, first + perRow);
    const height = Math.max(...row.map((panel) => panel.height));
    for (const [column, panel] of row.entries()) {
      const x = margin + column * (panelWidth + panelGap);
      shapes.push({ kind: 'frame', role: 'host', tone: null, x, y, width: panelWidth, height });
      shapes.push(...panel.shapes.map((shape) => moved(shape, x, y)));
    }
    y += height + panelGap;
  }
  if (drawn.length > 0) y -= panelGap;
  return { width, height: y + margin, shapes };
}

function titleLines(title: string, inner: number): string[] {
  return wrapped('host', title, inner - discRoom);
}

interface PanelPlace {
  readonly panel: StripPanel | undefined;
  readonly number: number;
  readonly inner: number;
  readonly sceneWidth: number;
  readonly sceneHeight: number;
  readonly headHeight: number;
  readonly hasRootBox: boolean;
  readonly labels: FigureLabels;
}

function layOutPanel(scene: Scene, place: PanelPlace): Panel {
  const { panel, number, inner, sceneWidth, sceneHeight, headHeight, hasRootBox, labels } = place;
  const shapes: Shape[] = [];
  let y = panelPadding;
  const disc = { x: panelPadding + discRadius, y: y + lineHeight('host') / 2 };
  shapes.push({ kind: 'disc', ...disc });
  shapes.push(textLine('number', String(number), { x: disc.x, y: disc.y - lineHeight('number') / 2, align: 'middle' }));
  for (const [index, line] of titleLines(panel?.title ?? '', inner).entries()) {
    shapes.push(textLine('host', line, { x: panelPadding + discRoom, y: y + index * lineHeight('host') }));
  }
  y += headHeight + 18;
  const left = panelPadding + (inner - sceneWidth) / 2;
  shapes.push(...scene.map((shape) => moved(shape, left, y)));
  y += sceneHeight + 8;
  const notes = unseenChangeTexts(panel?.changes ?? [], { hasRootBox, labels });
  const empty = panel?.topology.namespaces.length === 0 ? [labels.nothingObserved] : [];
  for (const line of [...empty, ...notes].flatMap((note) => wrapped('caption', note, inner))) {
    shapes.push(textLine('caption', line, { x: panelPadding, y }));
    y += lineHeight('caption');
  }
  return { shapes, height: y + panelPadding - 6 };
}
