import { escapeXml, px, svgDocument } from '../svg/document.ts';
import { baselineOf } from '../svg/text-setting.ts';
import type { TopologyLayout } from './layout.ts';
import type { Point, Rectangle } from '../svg/geometry.ts';
import { textStyles, type Shape } from './shapes.ts';
import { themeRules } from './theme.ts';

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
    style: themeRules(shapes),
    body: [`<rect class="paper" width="${px(width)}" height="${px(height)}" rx="6"/>`, ...shapes.map(drawShape)],
  });
}

function drawShape(shape: Shape): string {
  switch (shape.kind) {
    case 'text': {
      const names = [shape.role, ...(shape.tone === null ? [] : [shape.tone])];
      return `<text class="${names.join(' ')}" x="${px(shape.x)}" y="${px(baselineOf(textStyles[shape.role], shape))}" textLength="${px(shape.width)}">${escapeXml(shape.text)}</text>`;
    }
    case 'frame': {
      const tone = shape.tone === null ? '' : ` ${shape.tone}-frame`;
      return drawRectangle(`frame ${shape.role}-frame${tone}`, shape, radii[shape.role]);
    }
    case 'rule':
      return `<path class="rule" d="M${px(shape.x)} ${px(shape.y)}h${px(shape.width)}"/>`;
    case 'ring':
      return drawRectangle('ring', shape, radii[shape.role] + 3);
    case 'pill':
      return drawRectangle('pill', shape, shape.height / 2);
    case 'tag':
      return drawRectangle(`tag hue-${shape.hue}`, shape, 3);
    case 'tunnel':
      return `<g><title>${escapeXml(shape.title)}</title><path class="tunnel" d="${cablePath(shape.points)}"/></g>`;
    case 'highlight':
      return drawRectangle('highlight', shape, 3);
    case 'disc':
      return `<circle class="disc" cx="${px(shape.x)}" cy="${px(shape.y)}" r="11"/>`;
    case 'wire':
      return `<path class="wire ${shape.role}" d="${cablePath(shape.points)}"/>`;
    case 'halo':
      return `<path class="halo" d="${cablePath(shape.points)}"/>`;
    case 'arrow':
      return drawArrow(shape);
    case 'lamp':
      return drawLamp(shape);
    case 'stub':
      return `<path class="link dead" d="M${px(shape.x)} ${px(shape.y)}h${px(shape.length)}"/>${plug(shape)}<circle class="socket" cx="${px(shape.x + shape.length)}" cy="${px(shape.y)}" r="11"/>`;
    case 'link':
      return drawLink(shape);
  }
}

const radii = { host: 10, namespace: 8, device: 5, route: 9 } as const;

function drawRectangle(names: string, { x, y, width, height }: Rectangle, radius: number): string {
  return `<rect class="${names}" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${px(radius)}"/>`;
}

function drawLink({ points, live, isNew, title }: Extract<Shape, { kind: 'link' }>): string {
  const path = cablePath(points);
  const band = isNew ? `<path class="band" d="${path}"/>` : '';
  const ends = [points.at(0), points.at(-1)].map((point) => (point === undefined ? '' : plug(point)));
  return `<g><title>${escapeXml(title)}</title>${band}<path class="link${live ? '' : ' dead'}" d="${path}"/>${ends.join('')}</g>`;
}

/** Solid where packets get out, dashed where the device is dead. */
function drawArrow({ points, live, isChanged, title }: Extract<Shape, { kind: 'arrow' }>): string {
  const [before, tip] = [points.at(-2), points.at(-1)];
  if (before === undefined || tip === undefined) throw new RangeError('an arrow has a start and a tip');
  const back = Math.sign(before.x - tip.x) * 9;
  const path = cablePath([...points.slice(0, -1), { x: tip.x + back, y: tip.y }]);
  const names = ['arrow', ...(live ? [] : ['dead-arrow']), ...(isChanged ? ['changed-arrow'] : [])];
  const head = `M${px(tip.x)} ${px(tip.y)}l${px(back)} -5v10z`;
  return `<g><title>${escapeXml(title)}</title><path class="${names.join(' ')}" d="${path}"/><path class="${isChanged ? 'changed-tip' : 'tip'}" d="${head}"/></g>`;
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
