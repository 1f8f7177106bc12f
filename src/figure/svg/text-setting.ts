import { printable } from './document.ts';
import { emWidth, wrap } from './text-width.ts';

/** How a text is set: size in px, and weight. The layout measures by it and the drawing sets by it. */
export interface TextStyle {
  readonly size: number;
  readonly bold: boolean;
}

/** Height of a line: one and a half times its size, in whole px. */
export function lineHeightOf({ size }: TextStyle): number {
  return Math.ceil(size * 1.5);
}

export function widthOf({ size }: TextStyle, text: string): number {
  return emWidth(printable(text)) * size;
}

/** A text broken into lines that fit `width` px. */
export function linesThatFit({ size }: TextStyle, text: string, width: number): string[] {
  return wrap(printable(text), width / size);
}

export interface LinePlace {
  readonly x: number;
  readonly y: number;
  readonly align?: 'left' | 'right' | 'middle';
}

/** One line of text and the room that it takes up; `x` is its left edge, its right edge or its middle, `y` the top of its line. */
export function placeLine(
  style: TextStyle,
  text: string,
  { x, y, align = 'left' }: LinePlace,
): { text: string; x: number; y: number; width: number; height: number } {
  const shown = printable(text);
  const width = widthOf(style, shown);
  const left = { left: x, right: x - width, middle: x - width / 2 }[align];
  return { text: shown, x: left, y, width, height: lineHeightOf(style) };
}

/** Letters stand on about 83% of the em box, here centred in the line. */
export function baselineOf(
  { size }: TextStyle,
  { y, height }: { readonly y: number; readonly height: number },
): number {
  return y + (height - size) / 2 + size * 0.83;
}

/** The rule of a class that is set so. */
export function textRule(name: string, { size, bold }: TextStyle): string {
  return `.${name} { font-size: ${size}px;${bold ? ' font-weight: 700;' : ''} }`;
}
