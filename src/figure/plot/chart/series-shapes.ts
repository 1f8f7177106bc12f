import { px } from '../../svg/document.ts';
import type { Point, Rectangle } from '../../svg/geometry.ts';

/** Series are told apart by colour and by the form of their marks. */
export const seriesInks = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'] as const;
/** `paper`: of a curve of the paper that is none of our series. `reference`: of a line to compare with. `ink`: of words. */
export type SeriesInk = (typeof seriesInks)[number] | 'paper' | 'reference' | 'ink';

const forms = ['disc', 'square', 'triangle', 'diamond', 'down', 'plus', 'cross', 'star'] as const;
export type MarkForm = (typeof forms)[number];

/** More series than this can't be told apart. */
export const mostSeries = 16;

/** How the series at a place of the legend is drawn: beyond the eighth, colours meet other forms. */
export function styleOf(index: number): { ink: SeriesInk; form: MarkForm } {
  const round = Math.floor(index / seriesInks.length);
  return {
    ink: seriesInks[index % seriesInks.length] ?? 's1',
    form: forms[(index + round) % forms.length] ?? 'disc',
  };
}

/** What charts draw beside what other plots do. */
export type SeriesShape =
  /** A mark, by its middle. */
  | (Point & {
      readonly kind: 'mark';
      readonly ink: SeriesInk;
      readonly form: MarkForm;
      readonly hollow: boolean;
      readonly radius: number;
    })
  | { readonly kind: 'line'; readonly ink: SeriesInk; readonly dashed: boolean; readonly points: readonly Point[] }
  /** An upright line from `y` down by `height`, with a cap at each end. */
  | (Point & { readonly kind: 'whisker'; readonly ink: SeriesInk; readonly height: number; readonly cap: number })
  /** A bar of a series, or (`open`) the box of a distribution. */
  | (Rectangle & { readonly kind: 'column'; readonly ink: SeriesInk; readonly open: boolean })
  /** The colour of the ground, over lines that would run through words. */
  | (Rectangle & { readonly kind: 'veil'; readonly ink: SeriesInk })
  /** From one point to another at the same height, with a head at its end. */
  | (Point & { readonly kind: 'arrow'; readonly ink: SeriesInk; readonly dx: number; readonly dy: number });

const kinds: readonly string[] = ['mark', 'line', 'whisker', 'column', 'veil', 'arrow'] satisfies SeriesShape['kind'][];

export function isSeriesShape(shape: { readonly kind: string }): shape is SeriesShape {
  return kinds.includes(shape.kind);
}

export function drawSeriesShape(shape: SeriesShape): string {
  switch (shape.kind) {
    case 'mark':
      return drawMark(shape);
    case 'line':
      return `<path class="curve ${shape.ink}${shape.dashed ? ' dashed' : ''}" d="M${shape.points.map(at).join('L')}"/>`;
    case 'whisker': {
      const { x, y, height, cap } = shape;
      const [wide, back] = [px(2 * cap), px(-2 * cap)];
      return `<path class="whisker ${shape.ink}" d="M${at({ x: x - cap, y })}h${wide}M${at({ x, y })}v${px(height)}M${at({ x: x + cap, y: y + height })}h${back}"/>`;
    }
    case 'column':
      return `<rect class="column ${shape.ink}${shape.open ? ' open' : ''}" x="${px(shape.x)}" y="${px(shape.y)}" width="${px(shape.width)}" height="${px(shape.height)}"/>`;
    case 'veil':
      return `<rect class="veil" x="${px(shape.x)}" y="${px(shape.y)}" width="${px(shape.width)}" height="${px(shape.height)}"/>`;
    case 'arrow':
      return drawArrow(shape);
  }
}

function drawMark({ ink, form, hollow, radius, x, y }: Extract<SeriesShape, { kind: 'mark' }>): string {
  const stroked = form === 'plus' || form === 'cross' || form === 'star';
  const name = `mark ${ink}${stroked ? ' stroked' : hollow ? ' hollow' : ''}`;
  if (form === 'disc') return `<circle class="${name}" cx="${px(x)}" cy="${px(y)}" r="${px(radius)}"/>`;
  return `<path class="${name}" d="M${at({ x, y })}${outline(form, radius)}"/>`;
}

/** The outline of a mark from its middle; forms of the same radius look equally large. */
function outline(form: Exclude<MarkForm, 'disc'>, radius: number): string {
  const [r, wide] = [px(radius), px(radius * 1.2)];
  const [r2, wide2] = [px(2 * radius), px(radius * 2.4)];
  const side = px(radius * 0.9);
  const side2 = px(radius * 1.8);
  switch (form) {
    case 'square':
      return `m-${side} -${side}h${side2}v${side2}h-${side2}z`;
    case 'triangle':
      return `m0 -${wide}l${wide} ${px(radius * 2.1)}h-${wide2}z`;
    case 'down':
      return `m0 ${wide}l${wide} -${px(radius * 2.1)}h-${wide2}z`;
    case 'diamond':
      return `m0 -${wide}l${wide} ${wide}l-${wide} ${wide}l-${wide} -${wide}z`;
    case 'plus':
      return `m-${wide} 0h${wide2}m-${wide} -${wide}v${wide2}`;
    case 'cross':
      return `m-${r} -${r}l${r2} ${r2}m0 -${r2}l-${r2} ${r2}`;
    case 'star':
      return `m-${side} -${side}l${side2} ${side2}m0 -${side2}l-${side2} ${side2}m${side} ${px(radius * 0.3)}v-${px(radius * 2.4)}`;
  }
}

const head = { length: 8, half: 4 };

function drawArrow({ ink, x, y, dx, dy }: Extract<SeriesShape, { kind: 'arrow' }>): string {
  const way = Math.sign(dx) || 1;
  const back = px(-way * head.length);
  return `<path class="arrow ${ink}" d="M${at({ x, y })}l${px(dx)} ${px(dy)}m${back} -${head.half}l${px(way * head.length)} ${head.half}l${back} ${head.half}"/>`;
}

function at({ x, y }: Point): string {
  return `${px(x)} ${px(y)}`;
}
