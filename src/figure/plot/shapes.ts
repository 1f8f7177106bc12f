import { lineHeightOf, linesThatFit, placeLine, widthOf, type LinePlace, type TextStyle } from '../svg/text-setting.ts';
import type { Point, Rectangle } from '../svg/geometry.ts';
import type { SeriesShape } from './chart/series-shapes.ts';

/** What a text in a plot is; `plotTextStyles` says how it is set. */
export type PlotTextRole = 'title' | 'name' | 'value' | 'caption' | 'lane' | 'tick';

export const plotTextStyles: Readonly<Record<PlotTextRole, TextStyle>> = {
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
  | (Point & { readonly kind: 'rule'; readonly role: 'grid' | 'axis'; readonly dx: number; readonly dy: number })
  | SeriesShape;

export interface PlotLayout {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly PlotShape[];
}

export function plotLineHeight(role: PlotTextRole): number {
  return lineHeightOf(plotTextStyles[role]);
}

export function plotTextWidth(role: PlotTextRole, text: string): number {
  return widthOf(plotTextStyles[role], text);
}

export function plotLine(role: PlotTextRole, text: string, place: LinePlace): PlotShape {
  return { kind: 'text', role, ...placeLine(plotTextStyles[role], text, place) };
}

/** A text set in lines that fit `width` px, and where it ends. */
export function plotParagraph(
  role: PlotTextRole,
  text: string,
  { x, y, width }: Point & { readonly width: number },
): { shapes: PlotShape[]; bottom: number } {
  const lines = linesThatFit(plotTextStyles[role], text, width);
  const height = plotLineHeight(role);
  const shapes = lines.map((line, index) => plotLine(role, line, { x, y: y + index * height }));
  return { shapes, bottom: y + lines.length * height };
}
