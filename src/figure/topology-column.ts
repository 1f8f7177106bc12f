import {
  lineHeight,
  moved,
  movedPorts,
  textLine,
  textWidth,
  wrapped,
  type Block,
  type Liveness,
  type Placement,
  type Port,
  type Shape,
  type TextRole,
} from './topology-shapes.ts';

/** Between words at the left edge and words at the right. */
export const columnGap = 20;
/** Room of the lamp before the word for a device's state. */
export const lampRoom = 14;

export interface Cell {
  readonly role: TextRole;
  readonly lines: readonly string[];
  readonly tone?: Liveness;
  readonly lamp?: boolean;
}

/** Stacks texts and blocks from the top, within a left and a right edge. */
export class Column {
  readonly shapes: Shape[] = [];
  readonly ports = new Map<string, Port>();
  readonly #x: number;
  readonly #width: number;
  y: number;

  constructor(x: number, y: number, width: number) {
    this.#x = x;
    this.y = y;
    this.#width = width;
  }

  skip(height: number): void {
    this.y += height;
  }

  /** A block below what is there, `gap` px away. */
  block(block: Block, gap: number): void {
    this.y += gap;
    this.shapes.push(...block.shapes.map((shape) => moved(shape, this.#x, this.y)));
    for (const [name, port] of movedPorts(block.ports, this.#x, this.y)) this.ports.set(name, port);
    this.y += block.height;
  }

  /** Words at the left edge and words at the right, side by side; what does not fit beside the other wraps. */
  pair(left: Cell, right: Cell | null): void {
    const lamp = right?.lamp === true ? lampRoom : 0;
    const leftWidth = Math.max(0, ...left.lines.map((line) => textWidth(left.role, line)));
    const rightRoom = Math.max(this.#width - leftWidth - columnGap, this.#width * 0.6);
    const rightLines = right === null ? [] : right.lines.flatMap((line) => wrapped(right.role, line, rightRoom - lamp));
    const rightWidth = Math.max(0, ...rightLines.map((line) => textWidth(right?.role ?? left.role, line) + lamp));
    const leftRoom = this.#width - rightWidth - (rightWidth > 0 ? columnGap : 0);
    const leftLines = left.lines.flatMap((line) => wrapped(left.role, line, leftRoom));
    const leading = Math.max(
      leftLines.length > 0 ? lineHeight(left.role) : 0,
      right !== null && rightLines.length > 0 ? lineHeight(right.role) : 0,
    );
    for (const [index, line] of leftLines.entries()) this.#text(left, line, leading, index, 'left');
    if (right !== null)
      for (const [index, line] of rightLines.entries()) this.#text(right, line, leading, index, 'right');
    if (right?.lamp === true && right.tone !== undefined) {
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

  #text({ role, tone }: Cell, line: string, leading: number, index: number, align: 'left' | 'right'): void {
    const x = align === 'left' ? this.#x : this.#x + this.#width;
    const y = this.y + index * leading + (leading - lineHeight(role)) / 2;
    const placement: Placement = { x, y, align, tone: tone ?? null };
    this.shapes.push(textLine(role, line, placement));
  }
}
