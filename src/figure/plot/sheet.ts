import type { FigureLabels } from '../labels.ts';
import { plotLine, plotLineHeight, plotParagraph, plotTextWidth } from './shapes.ts';
import type { Ink, PlotLayout, PlotShape, PlotTextRole } from './shapes.ts';

const width = 760;
const margin = 8;
const framePadding = 24;
const swatch = { width: 22, height: 12 };

/** Room of what is in the frame, in px. */
export const inner = { left: margin + framePadding, width: width - 2 * (margin + framePadding) } as const;

/** A plot on its way: a title, a frame, and what is put into it from the top to the bottom. */
export class PlotSheet {
  /** Where the next thing goes. */
  y: number = margin;
  readonly #frameTop: number;
  readonly #shapes: PlotShape[] = [];

  constructor(title: string) {
    this.#paragraph('title', title, margin, width - 2 * margin);
    this.y += 6;
    this.#frameTop = this.y;
    this.y += 12;
  }

  add(...shapes: readonly PlotShape[]): void {
    for (const shape of shapes) this.#shapes.push(shape);
  }

  /** A text over the whole room, broken into lines. */
  paragraph(role: PlotTextRole, text: string): void {
    this.#paragraph(role, text, inner.left, inner.width);
  }

  /** What the inks mean, as many side by side as have room. */
  legend(words: readonly { readonly ink: Ink; readonly word: string }[]): void {
    if (words.length === 0) return;
    const height = plotLineHeight('caption');
    let x = inner.left;
    for (const { ink, word } of words) {
      const needed = swatch.width + 6 + plotTextWidth('caption', word);
      if (x > inner.left && x + needed > inner.left + inner.width) {
        x = inner.left;
        this.y += height;
      }
      this.add({ kind: 'bar', ink, x, y: this.y + (height - swatch.height) / 2, ...swatch });
      this.add(plotLine('caption', word, { x: x + swatch.width + 6, y: this.y }));
      x += needed + 24;
    }
    this.y += height;
  }

  /** The whole, the frame closed below what was put into it. */
  layout(): PlotLayout {
    const bottom = this.y + framePadding - 10;
    const frame: PlotShape = {
      kind: 'frame',
      x: margin,
      y: this.#frameTop,
      width: width - 2 * margin,
      height: bottom - this.#frameTop,
    };
    return { width, height: bottom + margin, shapes: [frame, ...this.#shapes] };
  }

  #paragraph(role: PlotTextRole, text: string, x: number, room: number): void {
    const { shapes, bottom } = plotParagraph(role, text, { x, y: this.y, width: room });
    this.add(...shapes);
    this.y = bottom;
  }
}

/** A plot of nothing says so. */
export function emptySheet(title: string, labels: FigureLabels): PlotLayout {
  const sheet = new PlotSheet(title);
  sheet.paragraph('caption', labels.nothingObserved);
  return sheet.layout();
}
