import type { FigureLabels } from '../labels.ts';
import { escapeXml, printable, px, svgDocument } from '../svg/document.ts';
import { cssColour, darkTheme, lightTheme, runColours, type TerminalTheme } from './colour.ts';
import type { CellRun, CellStyle } from './cells.ts';
import { gapText, type ScreenRow } from './screen.ts';
import { narrowEm, wrap } from '../svg/text-width.ts';

const fontSize = 13;
const cellWidth = fontSize * narrowEm;
const rowHeight = 19;
/** From a row's top to its baseline. */
const baseline = 14;
/** Space left and right of the text; on the left it holds the mark of a deciding line. */
const gutter = 20;
const padding = 10;
const radius = 6;

export interface TerminalDrawing {
  readonly title: string;
  readonly description: string;
  readonly columns: number;
  readonly rows: readonly ScreenRow[];
  readonly labels: FigureLabels;
}

/** Draws the rows in a window with a title bar. One `<text>` for each row, so that a reader can select and search it. */
export function drawTerminal({ title, description, columns, rows, labels }: TerminalDrawing): string {
  const width = columns * cellWidth + 2 * gutter;
  const titleLines = wrap(printable(title), (columns * cellWidth) / fontSize);
  const barHeight = titleLines.length * rowHeight + padding;
  const top = barHeight + padding;
  const height = top + rows.length * rowHeight + padding;
  const classes = new RunClasses();
  const drawnRows = rows.map((row, index) => drawRow(row, { y: top + index * rowHeight, width, labels, classes }));
  return svgDocument({
    width,
    height,
    title,
    description,
    style: {
      light: [sharedRules, lightRules, ...classes.rules(lightTheme)].join('\n'),
      dark: [darkRules, ...classes.rules(darkTheme)].join('\n'),
    },
    body: [
      `<rect class="window" x="0.5" y="0.5" width="${px(width - 1)}" height="${px(height - 1)}" rx="${radius}"/>`,
      `<path class="bar" d="M1 ${px(barHeight)}V${radius}a${radius - 1} ${radius - 1} 0 0 1 ${radius - 1} -${radius - 1}H${px(width - radius)}a${radius - 1} ${radius - 1} 0 0 1 ${radius - 1} ${radius - 1}V${px(barHeight)}z"/>`,
      `<path class="line" d="M1 ${px(barHeight + 0.5)}H${px(width - 1)}"/>`,
      ...titleLines.map(
        (line, index) =>
          `<text class="title" x="${gutter}" y="${px(padding / 2 + index * rowHeight + baseline)}">${escapeXml(line)}</text>`,
      ),
      ...drawnRows.filter((drawn) => drawn !== ''),
    ],
  });
}

const sharedRules = `text { font-size: ${fontSize}px; } .mark text { font-weight: 600; } .title, .gap { font-size: 12px; } .bold { font-weight: 700; } .dim { fill-opacity: 0.7; } .italic { font-style: italic; } .underline { text-decoration: underline; } .strikethrough { text-decoration: line-through; }`;
const lightRules = themeRules({
  text: '#1f2328',
  ground: '#ffffff',
  bar: '#f6f8fa',
  line: '#d1d9e0',
  muted: '#59636e',
  band: '#fff8c5',
  mark: '#9a6700',
});
const darkRules = themeRules({
  text: '#e6edf3',
  ground: '#0d1117',
  bar: '#161b22',
  line: '#3d444d',
  muted: '#9198a1',
  band: '#272115',
  mark: '#d29922',
});

function themeRules(colour: Record<'text' | 'ground' | 'bar' | 'line' | 'muted' | 'band' | 'mark', string>): string {
  return `text { fill: ${colour.text}; } .window { fill: ${colour.ground}; stroke: ${colour.line}; } .bar { fill: ${colour.bar}; } .line { stroke: ${colour.line}; } .title, .gap { fill: ${colour.muted}; } .omitted { fill: ${colour.bar}; } .band { fill: ${colour.band}; } .pointer { fill: ${colour.mark}; }`;
}

interface RowPlace {
  readonly y: number;
  readonly width: number;
  readonly labels: FigureLabels;
  readonly classes: RunClasses;
}

function drawRow(row: ScreenRow, { y, width, labels, classes }: RowPlace): string {
  const band = (name: string): string =>
    `<rect class="${name}" x="1" y="${px(y)}" width="${px(width - 2)}" height="${rowHeight}"/>`;
  if (row.kind !== 'row') {
    const text = escapeXml(gapText(row, labels));
    return `${band('omitted')}<text class="gap" x="${px(width / 2)}" y="${px(y + baseline)}" text-anchor="middle">${text}</text>`;
  }
  const drawn = drawRuns(row.runs, y, classes);
  if (!row.marked) return drawn;
  const pointer = `<path class="pointer" d="M1 ${px(y)}h3v${rowHeight}h-3zM8 ${px(y + 5)}l7 4.5l-7 4.5z"/>`;
  return `<g class="mark"><title>${escapeXml(labels.decidingLine)}</title>${band('band')}${pointer}${drawn}</g>`;
}

function drawRuns(runs: readonly CellRun[], y: number, classes: RunClasses): string {
  const backgrounds = runs
    .filter((run) => run.style.background !== null)
    .map(
      (run) =>
        `<rect class="${classes.background(run.style)}" x="${px(gutter + run.column * cellWidth)}" y="${px(y)}" width="${px(run.columns * cellWidth)}" height="${rowHeight}"/>`,
    );
  const spans = runs.map((run) => drawRun(run, classes)).filter((span) => span !== '');
  if (spans.length === 0) return backgrounds.join('');
  return `${backgrounds.join('')}<text y="${px(y + baseline)}" xml:space="preserve">${spans.join('')}</text>`;
}

/** Sets a run at its own column and to its own width, whatever the advance of the reader's font. */
function drawRun({ column, columns, text, style }: CellRun, classes: RunClasses): string {
  const ink = text.replace(/^ +| +$/g, '');
  if (ink === '') return '';
  const leading = text.search(/[^ ]/);
  const trailing = text.length - leading - ink.length;
  const x = gutter + (column + leading) * cellWidth;
  const length = (columns - leading - trailing) * cellWidth;
  const names = classes.text(style);
  const classAttribute = names === '' ? '' : ` class="${names}"`;
  return `<tspan x="${px(x)}" textLength="${px(length)}"${classAttribute}>${escapeXml(ink)}</tspan>`;
}

/** Names the colours that occur, in the order in which they occur: `c0`, `c1` …, and `b0` … for the ground behind them. */
class RunClasses {
  readonly #styles = new Map<string, CellStyle & { readonly number: number }>();

  text(style: CellStyle): string {
    const flags = (['bold', 'dim', 'italic', 'underline', 'strikethrough'] as const).filter((flag) => style[flag]);
    const coloured = style.foreground !== null || style.background !== null;
    return [...(coloured ? [`c${this.#number(style)}`] : []), ...flags].join(' ');
  }

  background(style: CellStyle): string {
    return `b${this.#number(style)}`;
  }

  rules(theme: TerminalTheme): string[] {
    return [...this.#styles.values()].map((style, index) => {
      const { foreground, background } = runColours(style, theme);
      const behind = background === null ? '' : ` .b${index} { fill: ${cssColour(background)}; }`;
      return `.c${index} { fill: ${cssColour(foreground)}; }${behind}`;
    });
  }

  #number({ foreground, background }: CellStyle): number {
    const key = JSON.stringify([foreground, background]);
    const known = this.#styles.get(key);
    if (known !== undefined) return known.number;
    const number = this.#styles.size;
    this.#styles.set(key, {
      number,
      foreground,
      background,
      bold: false,
      dim: false,
      italic: false,
      underline: false,
      strikethrough: false,
    });
    return number;
  }
}
