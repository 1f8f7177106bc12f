import { echoed, terminalColumns } from '../../core/terminal-text.ts';
import type { Drawing } from '../svg/drawing.ts';
import { englishLabels, type FigureLabels } from '../labels.ts';
import { drawTerminal } from './draw.ts';
import { excerptsOf, type Excerpt, type OutputEnd } from './excerpt.ts';
import { gapText, screenRows, type ScreenOptions, type ScreenRow } from './screen.ts';

/** One command as it was typed, and all that it printed. */
export interface TerminalEntry {
  /** As `[root@k8s-master ~]#`, without the space after it. */
  readonly prompt: string;
  readonly command: string;
  readonly output: Uint8Array;
  /** Where `output` is only the beginning of what it printed. */
  readonly end?: OutputEnd;
  /** Lines of `output`, counted from 1, that decide a claim; they are marked in the picture. */
  readonly markedLines?: readonly number[];
}

export interface TerminalOptions {
  /** In the title bar, and the picture's accessible name. */
  readonly title: string;
  readonly transcript: readonly TerminalEntry[];
  /** The picture's accessible description; the commands, when none is given. */
  readonly description?: string;
  /** Width of the terminal in characters; longer lines wrap. */
  readonly columns?: number;
  /** Rows shown of each output; of a longer one the middle is left out, and a line says how much. */
  readonly maxRows?: number;
  readonly labels?: FigureLabels;
}

const defaultMaxRows = 400;
/** Once a picture has so many rows, no further command is drawn in it: a browser has to show it whole. */
const maxPictureRows = 4000;
/** An emulator waits for a timer with each piece that is written to it, and takes room. */
const atOnce = 32;

/**
 * Draws commands and what they printed as a terminal shows them. In `text` a line that the terminal wrapped is whole.
 * Each output has an emulator of its own, so no control sequence reaches a prompt, a command or another output. Where a
 * picture would have far more than 4,000 rows, its last row says how many commands are left out.
 */
export async function renderTerminal(figure: TerminalOptions): Promise<Drawing> {
  const { title, transcript, columns = terminalColumns, maxRows = defaultMaxRows, labels = englishLabels } = figure;
  const rows: ScreenRow[] = [];
  let drawn = 0;
  while (drawn < transcript.length && rows.length < maxPictureRows) {
    const entries = transcript.slice(drawn, drawn + atOnce);
    const screens = await Promise.all(entries.flatMap((entry) => screensOf(entry, { columns, maxRows })));
    for (const row of screens.flat()) rows.push(row);
    drawn += entries.length;
  }
  if (drawn < transcript.length) rows.push({ kind: 'rest', commands: transcript.length - drawn });
  const shown = transcript.slice(0, drawn);
  const description = figure.description ?? shown.map(({ command }) => command).join('; ');
  return {
    svg: drawTerminal({ title, description, columns, rows, labels }),
    text: screenText(rows, labels),
  };
}

type Size = Pick<ScreenOptions, 'columns' | 'maxRows'>;

/** What was typed, and what that printed. */
function screensOf(
  { prompt, command, output, end, markedLines = [] }: TerminalEntry,
  { columns, maxRows }: Size,
): Promise<ScreenRow[]>[] {
  return [
    screenRows(typed(prompt, command), { columns, maxRows, markedLines: [] }),
    outputRows(excerptsOf(output, markedLines, { columns, ...(end && { end }) }), { columns, maxRows }),
  ];
}

async function outputRows(excerpts: readonly Excerpt[], { columns, maxRows }: Size): Promise<ScreenRow[]> {
  const [only, ...more] = excerpts;
  if (only?.kind === 'text' && more.length === 0) {
    return screenRows(only.bytes, { columns, maxRows, markedLines: only.markedLines });
  }
  const rows: ScreenRow[] = [];
  for (const excerpt of excerpts) {
    if (excerpt.kind === 'gap') rows.push({ kind: 'gap', count: excerpt.lines });
    else {
      const { bytes, markedLines } = excerpt;
      rows.push(...(await screenRows(bytes, { columns, maxRows, markedLines })));
    }
  }
  return withoutMiddle(rows, maxRows);
}

/** The first three quarters of the rows, the last quarter and what is marked; the rest becomes gaps. */
function withoutMiddle(rows: readonly ScreenRow[], maxRows: number): ScreenRow[] {
  const head = Math.ceil(maxRows * 0.75);
  const tail = rows.length - (maxRows - head);
  const kept: ScreenRow[] = [];
  let omitted = 0;
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'gap') omitted += row.count;
    else if (row.kind === 'rest') kept.push(row);
    else if (index >= head && index < tail && !row.marked) omitted += 1;
    else {
      if (omitted > 0) kept.push({ kind: 'gap', count: omitted });
      omitted = 0;
      kept.push(row);
    }
  }
  return omitted > 0 ? [...kept, { kind: 'gap', count: omitted }] : kept;
}

/** Prompt and command, the prompt dim and the command bold; control characters as `^[`, for a shell echoes them so. */
function typed(prompt: string, command: string): Uint8Array {
  return new TextEncoder().encode(`\x1b[2m${echoed(prompt)}\x1b[0m \x1b[1m${echoed(command)}\x1b[0m`);
}

function screenText(rows: readonly ScreenRow[], labels: FigureLabels): string {
  const lines: string[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'row') lines.push(gapText(row, labels));
    else {
      const text = row.runs.map((run) => run.text).join('');
      const continues = row.wrapped && rows[index - 1]?.kind === 'row';
      lines.push(continues ? (lines.pop() ?? '') + text : text);
    }
  }
  return lines.join('\n');
}
