import type { Rectangle } from '../svg/geometry.ts';
import {
  lineHeight,
  moved,
  movedPorts,
  textLine,
  textWidth,
  wrapped,
  type Block,
  type Placement,
  type Port,
  type Shape,
  type TextRole,
  type Tone,
} from './shapes.ts';

/** Room of the lamp before the word for a device's state. */
export const lampRoom = 14;

export interface Cell {
  readonly role: TextRole;
  readonly lines: readonly string[];
  readonly tone?: Tone;
  readonly lamp?: boolean;
  /** The lines that are new. */
  readonly marked?: ReadonlySet<string>;
}

/** Stacks texts and blocks from the top, within a left and a right edge. */
export class Column {
  readonly shapes: Shape[] = [];
  readonly ports = new Map<string, Port>();
  readonly #x: number;
  readonly #width: number;
  /** Between words at the left edge and words at the right. */
  readonly #gap: number;
  y: number;

  constructor(x: number, y: number, width: number, gap: number) {
    this.#x = x;
    this.y = y;
    this.#width = width;
    this.#gap = gap;
  }

  skip(height: number): void {
    this.y += height;
  }

  /** A block below what is there, `gap` px away, `indent` px from the left edge. */
  block(block: Block, gap: number, indent = 0): void {
    this.y += gap;
    const x = this.#x + indent;
    this.shapes.push(...block.shapes.map((shape) => moved(shape, x, this.y)));
    for (const [name, port] of movedPorts(block.ports, x, this.y)) this.ports.set(name, port);
    this.y += block.height;
  }

  /** Words at the left edge and words at the right, side by side; what does not fit beside the other wraps. */
  pair(left: Cell, right: Cell | null): void {
    const lamp = right?.lamp === true ? lampRoom : 0;
    const leftWidth = Math.max(0, ...left.lines.map((line) => textWidth(left.role, line)));
    const rightRoom = Math.max(this.#width - leftWidth - this.#gap, this.#width * 0.6);
    const rightLines = right === null ? [] : wrappedLines(right, rightRoom - lamp);
    const rightWidth = Math.max(0, ...rightLines.map(({ text }) => textWidth(right?.role ?? left.role, text) + lamp));
    const leftRoom = this.#width - rightWidth - (rightWidth > 0 ? this.#gap : 0);
    const leftLines = wrappedLines(left, leftRoom);
    const leading = Math.max(
      leftLines.length > 0 ? lineHeight(left.role) : 0,
      right !== null && rightLines.length > 0 ? lineHeight(right.role) : 0,
    );
    for (const [index, line] of leftLines.entries()) this.#text(left, line, leading, index, 'left');
    if (right !== null)
      for (const [index, line] of rightLines.entries()) this.#text(right, line, leading, index, 'right');
    if (right?.lamp === true && right.tone !== undefined && right.tone !== 'ghost') {
      this.shapes.push({
        kind: 'lamp',
        tone: right.tone,
        x: this.#x + this.#width - rightWidth + 5,
        y: this.y + leading / 2,
      });
    }
    this.y += Math.max(leftLines.length, rightLines.length) * leading;
  }

  /** A thin line across. */
  rule(): void {
    this.shapes.push({ kind: 'rule', x: this.#x, y: this.y, width: this.#width });
  }

  #text({ role, tone }: Cell, line: Line, leading: number, index: number, align: 'left' | 'right'): void {
    const x = align === 'left' ? this.#x : this.#x + this.#width;
    const y = this.y + index * leading + (leading - lineHeight(role)) / 2;
    const placement: Placement = { x, y, align, tone: tone ?? null };
    const text = textLine(role, line.text, placement);
    if (line.isMarked) this.shapes.push(highlightOf(text));
    this.shapes.push(text);
  }
}

interface Line {
  readonly text: string;
  readonly isMarked: boolean;
}

function wrappedLines({ role, lines, marked }: Cell, width: number): Line[] {
  return lines.flatMap((line) =>
    wrapped(role, line, width).map((text) => ({ text, isMarked: marked?.has(line) ?? false })),
  );
}

function highlightOf({ x, y, width, height }: Rectangle): Shape {
  return { kind: 'highlight', x: x - 3, y: y + 1, width: width + 6, height: height - 2 };
}
