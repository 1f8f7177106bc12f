import type { FigureLabels } from '../../labels.ts';
import type { Drawing } from '../../svg/drawing.ts';
import { linesThatFit } from '../../svg/text-setting.ts';
import { rule } from '../axis.ts';
import { drawPlot } from '../draw.ts';
import { plotLine, plotLineHeight, plotTextStyles, plotTextWidth, type PlotLayout, type PlotShape } from '../shapes.ts';
import { inner, PlotSheet } from '../sheet.ts';
import { alignedTable } from '../table.ts';

/** A packet on its way. */
export interface Message {
  /** s from the first packet of the capture; null: not known. */
  readonly time: number | null;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly bytes: number | null;
}

export interface MessageDiagram {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly messages: readonly Message[];
  /** The endpoints, from the left; all that the messages name. */
  readonly endpoints: readonly string[];
  readonly labels: FigureLabels;
}

/** More lifelines than this have no room for words between them. */
export const mostEndpoints = 8;
/** Messages up to which a diagram is drawn; of more, the first of them. */
const mostMessages = 40;
const mostTold = 200;
const rowGap = 8;
const lineGap = 12;
const labelGap = 5;
const mostLines = 4;

/** Draws a lifeline for each endpoint, and each message as an arrow from one to another, in their order. */
export function renderMessages(diagram: MessageDiagram): Drawing {
  const text = messagesText(diagram);
  return { svg: drawPlot({ layout: layOutMessages(diagram), title: diagram.title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutMessages({ title, messages, endpoints, labels }: MessageDiagram): PlotLayout {
  const sheet = new PlotSheet(title);
  const words = labels.chart;
  const shown = messages.slice(0, mostMessages);
  const times = shown.map(({ time }) => timeText(time));
  const gutter =
    Math.max(plotTextWidth('caption', words.time), ...times.map((text) => plotTextWidth('tick', text))) + 16;
  const lifelines = lifelinesOf(endpoints, inner.left + gutter, inner.width - gutter);
  addHeads(sheet, endpoints, { ...lifelines, time: words.time });
  const top = sheet.y;
  sheet.y += rowGap;
  const drawn = shown.flatMap((message, index) => {
    const row = drawMessage(message, { ...lifelines, y: sheet.y, bytes: (count) => words.bytes(count) });
    const time = plotLine('tick', times[index] ?? '', { x: inner.left, y: row.arrowY - plotLineHeight('tick') / 2 });
    sheet.y = row.bottom + rowGap;
    return [time, ...row.shapes];
  });
  for (const name of endpoints)
    sheet.add(rule('grid', { x: lifelines.at(name), y: top }, { dx: 0, dy: sheet.y - top }));
  sheet.add(...drawn);
  if (messages.length > shown.length) {
    sheet.y += 4;
    sheet.paragraph('caption', words.moreMessages(messages.length - shown.length));
  }
  return sheet.layout();
}

interface Lifelines {
  readonly at: (name: string) => number;
  /** From one to the next, in px. */
  readonly band: number;
  /** Where the room for them ends. */
  readonly left: number;
  readonly right: number;
}

/** Spread over the room, with half a name's room at either side. */
function lifelinesOf(endpoints: readonly string[], left: number, width: number): Lifelines {
  const alike = width / endpoints.length;
  const [first = '', last = ''] = [endpoints[0], endpoints.at(-1)];
  const edge = (name: string): number => Math.min(alike, plotTextWidth('name', name) + lineGap) / 2;
  const band = endpoints.length < 2 ? width : (width - edge(first) - edge(last)) / (endpoints.length - 1);
  const start = endpoints.length < 2 ? left + width / 2 : left + edge(first);
  return { at: (name) => start + endpoints.indexOf(name) * band, band, left, right: left + width };
}

/** The names above the lifelines, and what the numbers on the left are. */
function addHeads(
  sheet: PlotSheet,
  endpoints: readonly string[],
  { at, band, time }: Lifelines & { time: string },
): void {
  const height = plotLineHeight('name');
  const lines = endpoints.map((name) => linesThatFit(plotTextStyles.name, name, band - lineGap));
  const rows = Math.max(...lines.map(({ length }) => length));
  for (const [index, own] of lines.entries()) {
    for (const [row, line] of own.entries()) {
      const y = sheet.y + (rows - own.length + row) * height;
      sheet.add(plotLine('name', line, { x: at(endpoints[index] ?? ''), y, align: 'middle' }));
    }
  }
  sheet.y += rows * height;
  sheet.add(plotLine('caption', time, { x: inner.left, y: sheet.y - plotLineHeight('caption') }));
  sheet.y += 4;
}

interface Row extends Lifelines {
  readonly y: number;
  readonly bytes: (count: number) => string;
}

/** An arrow with its words above it; of one to itself, only the words stand by the lifeline. */
function drawMessage(
  { from, to, label, bytes: size }: Message,
  { y, at, band, left, right, bytes }: Row,
): { shapes: PlotShape[]; arrowY: number; bottom: number } {
  const [start, end] = [at(from), at(to)];
  const isToItself = from === to;
  const beside = 2 * Math.min(start - left, right - start);
  const span = isToItself ? Math.min(band, beside) : Math.abs(end - start);
  const words = size === null ? label : `${label}, ${bytes(size)}`;
  const lines = shortened(linesThatFit(plotTextStyles.caption, words, span - lineGap), span - lineGap);
  const height = plotLineHeight('caption');
  const middle = isToItself ? start : (start + end) / 2;
  const texts = lines.flatMap((line, index) => onVeil(line, middle, y + index * height));
  const arrowY = y + lines.length * height + labelGap;
  const way = end > start ? 1 : -1;
  const arrow: PlotShape = isToItself
    ? { kind: 'arrow', ink: 's1', x: start - 14, y: arrowY, dx: 13, dy: 0 }
    : { kind: 'arrow', ink: 's1', x: start, y: arrowY, dx: end - start - way, dy: 0 };
  return { shapes: [...texts, arrow], arrowY, bottom: arrowY + labelGap };
}

/** A line of text, with nothing of the lifelines behind it. */
function onVeil(line: string, middle: number, y: number): PlotShape[] {
  const text = plotLine('caption', line, { x: middle, y, align: 'middle' });
  const [width, height] = [plotTextWidth('caption', line), plotLineHeight('caption')];
  return [{ kind: 'veil', ink: 's1', x: middle - width / 2 - 2, y, width: width + 4, height }, text];
}

function shortened(lines: readonly string[], room: number): string[] {
  if (lines.length <= mostLines) return [...lines];
  let last = lines[mostLines - 1] ?? '';
  while (last !== '' && plotTextWidth('caption', `${last}…`) > room) last = last.slice(0, -1);
  return [...lines.slice(0, mostLines - 1), `${last}…`];
}

/** To the microsecond, as a capture has it. */
function timeText(seconds: number | null): string {
  return seconds === null ? '–' : seconds.toFixed(6);
}

function messagesText({ messages, labels }: MessageDiagram): string {
  const words = labels.chart;
  const head = [words.number, words.time, words.from, words.to, words.size, words.message];
  const rows = messages
    .slice(0, mostTold)
    .map(({ time, from, to, label, bytes }, index) => [
      String(index + 1),
      timeText(time),
      from,
      to,
      bytes === null ? '–' : String(bytes),
      label,
    ]);
  const more = messages.length - rows.length;
  return [...alignedTable([head, ...rows]), ...(more > 0 ? [labels.moreLines(more)] : [])].join('\n');
}
