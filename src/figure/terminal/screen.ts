import xterm, { type Terminal } from '@xterm/headless';
import { showHidden, terminalRows as viewportRows } from '../../core/terminal-text.ts';
import type { FigureLabels } from '../labels.ts';
import { cellRuns, type CellRun } from './cells.ts';
import { pieceLength, pieces, type Piece } from './pieces.ts';

/** A row of the terminal, or the place where rows were left out. */
export type ScreenRow =
  | { readonly kind: 'row'; readonly runs: readonly CellRun[]; readonly wrapped: boolean; readonly marked: boolean }
  | { readonly kind: 'gap'; readonly count: number }
  /** At the end of a picture, in place of the commands that it has no room for. */
  | { readonly kind: 'rest'; readonly commands: number };

/** What is said in place of what was left out. */
export function gapText(row: Exclude<ScreenRow, { kind: 'row' }>, labels: FigureLabels): string {
  return `⋯ ${row.kind === 'gap' ? labels.moreLines(row.count) : labels.moreCommands(row.commands)} ⋯`;
}

export interface ScreenOptions {
  readonly columns: number;
  /** Lines of the output, counted from 1, whose rows are marked. */
  readonly markedLines: readonly number[];
  /** Rows shown at most; of a longer output the first three quarters of them and the last quarter, and marked rows. */
  readonly maxRows: number;
}

/** So many that nothing of `length` can push a row out unseen: four characters (`x CSI 2 J`, CSI as U+009B) scroll by 24. */
const scrolledRows = (length: number): number => viewportRows + 6 * length;
/** Rows that are kept for a mark although they lie in what is left out. */
const maxMarkedRows = 50;

/**
 * What a terminal shows when a program prints `output` from column 0 of an empty screen: control sequences obeyed,
 * lines wrapped. Rows once scrolled off cannot be taken back. Time and memory are bounded: 10 MB take some seconds
 * and a scrollback of 50,000 rows.
 */
export async function screenRows(output: Uint8Array, options: ScreenOptions): Promise<ScreenRow[]> {
  const text = decode(output);
  // Making room for rows takes longer than writing a short output.
  const screen = new Screen(options, scrolledRows(Math.min(text.length, pieceLength)));
  for (const piece of pieces(text, options.markedLines)) await screen.write(piece);
  return screen.finish();
}

function decode(output: Uint8Array): string {
  return showHidden(new TextDecoder('utf-8', { ignoreBOM: true }).decode(output));
}

/** A terminal emulator, whose rows are read as they scroll out of reach. Rows are counted from the very first, 0. */
class Screen {
  readonly #terminal: Terminal;
  readonly #headRows: number;
  readonly #maxRows: number;
  readonly #marked = new Set<number>();
  readonly #kept = new Map<number, ScreenRow>();
  /** Rows that the scrollback has dropped. */
  #trimmed = 0;
  /** Rows before this one can change no more and were looked at. */
  #settled = 0;

  constructor({ columns, maxRows }: ScreenOptions, scrollback: number) {
    this.#maxRows = maxRows;
    this.#headRows = Math.ceil(maxRows * 0.75);
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows: viewportRows,
      scrollback,
      convertEol: true,
      // Without this, clearing the screen would take away what was printed before it.
      scrollOnEraseInDisplay: true,
      allowProposedApi: true,
      logLevel: 'off',
    });
    ignoreWhatHidesOutput(this.#terminal);
    ignoreHugeCounts(this.#terminal, Math.max(columns, viewportRows));
  }

  async write({ text, marked }: Piece): Promise<void> {
    const firstRow = this.#cursorRow();
    // A row just above the viewport: nothing can delete it, so how far it moved is how much was trimmed.
    const { baseY, cursorY } = this.#terminal.buffer.active;
    const sentinel = baseY > 0 ? this.#terminal.registerMarker(-cursorY - 1) : undefined;
    await new Promise<void>((resolve) => {
      this.#terminal.write(text, resolve);
    });
    if (sentinel !== undefined) {
      if (sentinel.isDisposed) throw new Error('the scrollback lost rows: it is too short for a piece of the output');
      this.#trimmed += baseY - 1 - sentinel.line;
      sentinel.dispose();
    }
    if (marked) this.#mark(firstRow, this.#cursorRow());
    this.#settle(this.#trimmed + this.#terminal.buffer.active.baseY);
  }

  finish(): ScreenRow[] {
    const total = this.#rowCount();
    const tailStart = total - (this.#maxRows - this.#headRows);
    this.#settle(total, total <= this.#maxRows ? 0 : tailStart);
    this.#terminal.dispose();
    return withGaps(this.#kept, total);
  }

  #cursorRow(): number {
    const { baseY, cursorY } = this.#terminal.buffer.active;
    return this.#trimmed + baseY + cursorY;
  }

  #mark(first: number, last: number): void {
    for (let row = first; row <= last && this.#marked.size < maxMarkedRows; row += 1) this.#marked.add(row);
  }

  #settle(end: number, keepFrom = Number.POSITIVE_INFINITY): void {
    for (let row = Math.min(this.#settled, Math.max(keepFrom, this.#trimmed)); row < end; row += 1) {
      if (row < this.#headRows || row >= keepFrom || this.#marked.has(row)) this.#keep(row);
    }
    this.#settled = end;
  }

  #keep(row: number): void {
    const buffer = this.#terminal.buffer.active;
    const line = buffer.getLine(row - this.#trimmed);
    if (line === undefined || this.#kept.has(row)) return;
    const cells = Array.from({ length: line.length }, (_, column) => line.getCell(column));
    const runs = cellRuns(cells.filter((cell) => cell !== undefined));
    this.#kept.set(row, { kind: 'row', runs, wrapped: line.isWrapped, marked: this.#marked.has(row) });
  }

  /** Rows up to the cursor, and below it as far as something stands there. */
  #rowCount(): number {
    const buffer = this.#terminal.buffer.active;
    let index = buffer.length - 1;
    const cursor = buffer.baseY + buffer.cursorY - (buffer.cursorX === 0 ? 1 : 0);
    while (index > cursor && buffer.getLine(index)?.translateToString(true) === '') index -= 1;
    return this.#trimmed + index + 1;
  }
}

/**
 * A figure shows all that was printed, so what would lose some of it is not obeyed: a reset, a test pattern, the second
 * screen, lines that do not wrap, a part of the screen that scrolls alone, the erasing of rows that scrolled off.
 */
function ignoreWhatHidesOutput(terminal: Terminal): void {
  const wrapping = 7;
  const hiding = [wrapping, 47, 1047, 1049];
  terminal.parser.registerEscHandler({ final: 'c' }, () => true);
  terminal.parser.registerEscHandler({ intermediates: '#', final: '8' }, () => true);
  terminal.parser.registerCsiHandler({ final: 'r' }, () => true);
  terminal.parser.registerCsiHandler({ final: 'J' }, ([mode]) => mode === 3);
  for (const final of ['h', 'l']) {
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (modes) =>
      modes.some((mode) => typeof mode === 'number' && hiding.includes(mode)),
    );
  }
}

/** Ignores sequences with a repeat count larger than the screen: `CSI 2147483647 S` would keep the emulator busy for minutes. */
function ignoreHugeCounts(terminal: Terminal, largest: number): void {
  const repeating = [
    ...Array.from('@ILMPSTXZb', (final) => ({ final })),
    { intermediates: ' ', final: '@' },
    { intermediates: ' ', final: 'A' },
    { intermediates: "'", final: '}' },
    { intermediates: "'", final: '~' },
  ];
  for (const sequence of repeating) {
    terminal.parser.registerCsiHandler(sequence, ([count]) => typeof count === 'number' && count > largest);
  }
}

function withGaps(kept: ReadonlyMap<number, ScreenRow>, total: number): ScreenRow[] {
  const rows: ScreenRow[] = [];
  let next = 0;
  for (const [index, row] of [...kept].sort(([a], [b]) => a - b)) {
    if (index > next) rows.push({ kind: 'gap', count: index - next });
    rows.push(row);
    next = index + 1;
  }
  if (next < total) rows.push({ kind: 'gap', count: total - next });
  return rows;
}
