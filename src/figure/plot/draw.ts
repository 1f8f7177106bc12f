import { drawSeriesShape, isSeriesShape, type SeriesInk } from './chart/series-shapes.ts';
import { seriesDefinitions, seriesRules } from './chart/series-theme.ts';
import { inkDefinitions, plotRules, plotThemes } from './theme.ts';
import { plotTextStyles, type PlotLayout, type PlotShape } from './shapes.ts';
import { escapeXml, px, svgDocument } from '../svg/document.ts';
import { baselineOf } from '../svg/text-setting.ts';

export interface PlotDrawing {
  readonly layout: PlotLayout;
  readonly title: string;
  readonly description: string;
}

/** Draws a layout. Colours repeat what words, patterns and shapes say, so a print in grey loses nothing. */
export function drawPlot({ layout: { width, height, shapes }, title, description }: PlotDrawing): string {
  const bars = new Set(shapes.flatMap((shape) => (shape.kind === 'bar' ? [shape.ink] : [])));
  const seriesInks = new Set(shapes.flatMap((shape) => (isSeriesShape(shape) ? [shape.ink] : [])));
  const columns = new Set(shapes.flatMap((shape) => (shape.kind === 'column' && !shape.open ? [shape.ink] : [])));
  return svgDocument({
    width,
    height,
    title,
    description,
    style: styleOf(seriesInks),
    body: [
      ...inkDefinitions(bars),
      ...seriesDefinitions(columns),
      `<rect class="paper" width="${px(width)}" height="${px(height)}" rx="6"/>`,
      ...shapes.map(drawShape),
    ],
  });
}

/** A plot that has no series keeps the rules that it always had. */
function styleOf(inks: ReadonlySet<SeriesInk>): { light: string; dark: string } {
  const { light, dark } = plotRules;
  if (inks.size === 0) return { light, dark };
  return {
    light: `${light}\n${seriesRules('light', inks, plotThemes.light.ground)}`,
    dark: `${dark}\n${seriesRules('dark', inks, plotThemes.dark.ground)}`,
  };
}

function drawShape(shape: PlotShape): string {
  switch (shape.kind) {
    case 'text':
      return `<text class="${shape.role}" x="${px(shape.x)}" y="${px(baselineOf(plotTextStyles[shape.role], shape))}" textLength="${px(shape.width)}">${escapeXml(shape.text)}</text>`;
    case 'frame':
      return `<rect class="frame" ${rectangle(shape)} rx="10"/>`;
    case 'bar':
      return `<rect class="bar ${shape.ink}" ${rectangle(shape)}/>`;
    case 'packet':
      return drawPacket(shape);
    case 'rule':
      return `<path class="${shape.role}" d="M${px(shape.x)} ${px(shape.y)}l${px(shape.dx)} ${px(shape.dy)}"/>`;
    default:
      return drawSeriesShape(shape);
  }
}

/** Where a cross would be a blot, because its neighbours are too close, a lost packet is an upright stroke. */
const smallestCross = 3;

/** A packet that was answered is a disc, one that was lost a cross. */
function drawPacket({ ink, x, y, radius }: Extract<PlotShape, { kind: 'packet' }>): string {
  if (ink !== 'lost') return `<circle class="packet" cx="${px(x)}" cy="${px(y)}" r="${px(radius)}"/>`;
  if (radius < smallestCross) return `<path class="cross small" d="M${px(x)} ${px(y - 5)}v10"/>`;
  const arm = px(2 * radius);
  return `<path class="cross" d="M${px(x - radius)} ${px(y - radius)}l${arm} ${arm}m0 -${arm}l-${arm} ${arm}"/>`;
}

function rectangle({ x, y, width, height }: Extract<PlotShape, { kind: 'bar' | 'frame' }>): string {
  return `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
}
