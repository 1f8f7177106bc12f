import { escapeXml, px, svgDocument } from './svg.ts';
import type { TopologyLayout } from './topology-layout.ts';
import { textStyles, type Point, type Shape } from './topology-shapes.ts';

export interface TopologyDrawing {
  readonly layout: TopologyLayout;
  readonly title: string;
  readonly description: string;
}

/** Draws a layout. Colours repeat what words, lamps and the kind of line say, so a print in grey loses nothing. */
export function drawTopology({ layout, title, description }: TopologyDrawing): string {
  const { width, height, shapes } = layout;
  return svgDocument({
    width,
    height,
    title,
    description,
    style: { light: [sharedRules, lightRules].join('\n'), dark: darkRules },
    body: [`<rect class="paper" width="${px(width)}" height="${px(height)}" rx="6"/>`, ...shapes.map(drawShape)],
  });
}

const sizeRules = Object.entries(textStyles)
  .map(([role, { size, bold }]) => `.${role} { font-size: ${size}px;${bold ? ' font-weight: 700;' : ''} }`)
  .join(' ');
const sharedRules = `${sizeRules} .frame { stroke-width: 1.25; } .namespace-frame { stroke-width: 1.5; } .noCarrier-frame { stroke-dasharray: 6 4; } .down-frame { stroke-dasharray: 1.5 4; stroke-linecap: round; } .link { fill: none; stroke-width: 3; stroke-linejoin: round; } .dead { stroke-width: 2; stroke-dasharray: 7 6; } .lamp { stroke-width: 1.75; fill: none; }`;
const lightRules = themeRules({
  text: '#1f2328',
  muted: '#59636e',
  paper: '#ffffff',
  host: '#f6f8fa',
  box: '#ffffff',
  card: '#f6f8fa',
  line: '#d1d9e0',
  edge: '#818b98',
  link: '#0969da',
  up: '#1a7f37',
  noCarrier: '#9a6700',
  down: '#cf222e',
});
const darkRules = themeRules({
  text: '#f0f6fc',
  muted: '#9198a1',
  paper: '#0d1117',
  host: '#151b23',
  box: '#0d1117',
  card: '#151b23',
  line: '#3d444d',
  edge: '#656c76',
  link: '#4493f8',
  up: '#3fb950',
  noCarrier: '#d29922',
  down: '#f85149',
});

type Palette = Record<
  'text' | 'muted' | 'paper' | 'host' | 'box' | 'card' | 'line' | 'edge' | 'link' | 'up' | 'noCarrier' | 'down',
  string
>;

function themeRules(colour: Palette): string {
  const tones = (['up', 'noCarrier', 'down'] as const)
    .map(
      (tone) =>
        `.${tone} { fill: ${colour[tone]}; } .lamp.${tone} { stroke: ${colour[tone]}; } ${tone === 'up' ? '' : ` .${tone}-frame { stroke: ${colour[tone]}; }`}`,
    )
    .join(' ');
  return `text { fill: ${colour.text}; } .host, .caption, .kind, .route { fill: ${colour.muted}; } .words, .question { fill: ${colour.link}; } .paper { fill: ${colour.paper}; } .host-frame { fill: ${colour.host}; stroke: ${colour.line}; } .namespace-frame { fill: ${colour.box}; stroke: ${colour.edge}; } .device-frame { fill: ${colour.card}; stroke: ${colour.edge}; } .rule { stroke: ${colour.line}; } .link, .socket { stroke: ${colour.link}; } .plug { fill: ${colour.link}; } .socket { fill: ${colour.paper}; stroke-width: 2; stroke-dasharray: 4 3; } ${tones} .noCarrier.lamp, .down.lamp { fill: none; }`;
}

function drawShape(shape: Shape): string {
  switch (shape.kind) {
    case 'text': {
      const names = [shape.role, ...(shape.tone === null ? [] : [shape.tone])];
      return `<text class="${names.join(' ')}" x="${px(shape.x)}" y="${px(baselineOf(shape))}" textLength="${px(shape.width)}">${escapeXml(shape.text)}</text>`;
    }
    case 'frame': {
      const tone = shape.tone === null ? '' : ` ${shape.tone}-frame`;
      const radius = { host: 10, namespace: 8, device: 5 }[shape.role];
      return `<rect class="frame ${shape.role}-frame${tone}" x="${px(shape.x)}" y="${px(shape.y)}" width="${px(shape.width)}" height="${px(shape.height)}" rx="${radius}"/>`;
    }
    case 'rule':
      return `<path class="rule" d="M${px(shape.x)} ${px(shape.y)}h${px(shape.width)}"/>`;
    case 'lamp':
      return drawLamp(shape);
    case 'stub':
      return `<path class="link dead" d="M${px(shape.x)} ${px(shape.y)}h${px(shape.length)}"/>${plug(shape)}<circle class="socket" cx="${px(shape.x + shape.length)}" cy="${px(shape.y)}" r="11"/>`;
    case 'link': {
      const ends = [shape.points.at(0), shape.points.at(-1)].map((point) => (point === undefined ? '' : plug(point)));
      return `<g><title>${escapeXml(shape.title)}</title><path class="link${shape.live ? '' : ' dead'}" d="${cablePath(shape.points)}"/>${ends.join('')}</g>`;
    }
  }
}

/** Up is a full disc, no carrier an empty one, down a cross. */
function drawLamp({ x, y, tone }: Extract<Shape, { kind: 'lamp' }>): string {
  if (tone === 'down') return `<path class="lamp down" d="M${px(x - 4)} ${px(y - 4)}l8 8m0 -8l-8 8"/>`;
  return `<circle class="lamp ${tone}" cx="${px(x)}" cy="${px(y)}" r="4"/>`;
}

function plug({ x, y }: Point): string {
  return `<circle class="plug" cx="${px(x)}" cy="${px(y)}" r="5"/>`;
}

/** Straight between points on one level or on one upright, else a curve that leaves and arrives level. */
function cablePath(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${px(x)} ${px(y)}`;
      if (before.y === y || before.x === x) return `L${px(x)} ${px(y)}`;
      const half = px((before.x + x) / 2);
      return `C${half} ${px(before.y)} ${half} ${px(y)} ${px(x)} ${px(y)}`;
    })
    .join('');
}

/** A monospaced font's letters stand on about 78% of the size, counted from the top of the em box, here centred in the line. */
function baselineOf({ role, y, height }: Extract<Shape, { kind: 'text' }>): number {
  const { size } = textStyles[role];
  return y + (height - size) / 2 + size * 0.83;
}
