import { printable } from './svg.ts';
import { emWidth, wrap } from './text-width.ts';
import type { Point, Rectangle } from './topology-shapes.ts';

/** What a text in a plot is; `plotTextStyles` says how it is set. */
export type PlotTextRole = 'title' | 'name' | 'value' | 'caption' | 'lane' | 'tick';

/** Size in px and weight of each role; the layout measures by it and the drawing sets by it. */
export const plotTextStyles: Readonly<Record<PlotTextRole, { readonly size: number; readonly bold: boolean }>> = {
  title: { size: 15, bold: true },
  name: { size: 13, bold: true },
  value: { size: 13, bold: false },
  caption: { size: 12, bold: false },
  lane: { size: 12, bold: true },
  tick: { size: 12, bold: false },
};

/** What a bar or a point stands for. Each has a colour and a pattern or a shape of its own. */
export type Ink = 'received' | 'lost' | 'boot' | 'commands' | 'waiting' | 'overhead' | 'other';

/** What is drawn, in px from the picture's upper left corner. A text's rectangle is the room that it takes up. */
export type PlotShape =
  | (Rectangle & { readonly kind: 'text'; readonly role: PlotTextRole; readonly text: string })
  | (Rectangle & { readonly kind: 'frame' })
  | (Rectangle & { readonly kind: 'bar'; readonly ink: Ink })
  /** A packet, by the middle of its mark. */
  | (Point & { readonly kind: 'packet'; readonly ink: Ink; readonly radius: number })
  | (Point & { readonly kind: 'rule'; readonly role: 'grid' | 'axis'; readonly dx: number; readonly dy: number });

export interface PlotLayout {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly PlotShape[];
}

/** Height of a line of a role: one and a half times its size, in whole px. */
export function plotLineHeight(role: PlotTextRole): number {
  return Math.ceil(plotTextStyles[role].size * 1.5);
}

export function plotTextWidth(role: PlotTextRole, text: string): number {
  return emWidth(printable(text)) * plotTextStyles[role].size;
}

/** One line of text; `x` is its left edge, its right edge or its middle, `y` the top of its line. */
export function plotLine(
  role: PlotTextRole,
  text: string,
  { x, y, align = 'left' }: Point & { readonly align?: 'left' | 'right' | 'middle' },
): PlotShape {
  const shown = printable(text);
  const width = plotTextWidth(role, shown);
  const left = { left: x, right: x - width, middle: x - width / 2 }[align];
  return { kind: 'text', role, text: shown, x: left, y, width, height: plotLineHeight(role) };
}

/** A text broken into lines that fit `width` px. */
export function plotLines(role: PlotTextRole, text: string, width: number): string[] {
  return wrap(printable(text), width / plotTextStyles[role].size);
}

/** A text set in lines that fit `width` px, and where it ends. */
export function plotParagraph(
  role: PlotTextRole,
  text: string,
  { x, y, width }: Point & { readonly width: number },
): { shapes: PlotShape[]; bottom: number } {
  const lines = plotLines(role, text, width);
  const height = plotLineHeight(role);
  const shapes = lines.map((line, index) => plotLine(role, line, { x, y: y + index * height }));
  return { shapes, bottom: y + lines.length * height };
}
