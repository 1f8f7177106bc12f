import type { Drawing } from '../svg/drawing.ts';
import { englishLabels, type FigureLabels } from '../labels.ts';
import { addBars, type BarRow } from './bars.ts';
import { drawPlot } from './draw.ts';
import type { PlotLayout } from './shapes.ts';
import { emptySheet, PlotSheet } from './sheet.ts';
import { labelledTable } from './table.ts';

/** How many packets a step sent, and how many of them were answered. */
export interface LossStep {
  readonly label: string;
  readonly transmitted: number;
  readonly received: number;
}

export interface LossPlot {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  readonly steps: readonly LossStep[];
  readonly labels?: FigureLabels;
}

/**
 * Draws for each step the share of its packets that was answered and the share that was lost. Without steps the
 * picture says that nothing was observed. Throws a RangeError where a count is not a whole number from 0.
 */
export function renderLossPlot({ title, steps, labels = englishLabels }: LossPlot): Drawing {
  const text = lossText(steps, labels);
  const layout = layOutLoss({ title, steps, labels });
  return { svg: drawPlot({ layout, title, description: text }), text };
}

/** Where everything goes, without drawing it. */
export function layOutLoss({ title, steps, labels = englishLabels }: LossPlot): PlotLayout {
  for (const { transmitted, received } of steps) {
    if (![transmitted, received].every((count) => Number.isSafeInteger(count) && count >= 0))
      throw new RangeError(`not counts of packets: ${received} received of ${transmitted}`);
  }
  if (steps.length === 0) return emptySheet(title, labels);
  const sheet = new PlotSheet(title);
  sheet.paragraph('caption', labels.shareOfSent);
  sheet.legend([
    { ink: 'received', word: labels.received },
    { ink: 'lost', word: labels.lost },
  ]);
  sheet.y += 10;
  addBars(
    sheet,
    steps.map((step) => lossRow(step, labels)),
    { max: 100, nice: false },
  );
  return sheet.layout();
}

function lossRow({ label, transmitted, received }: LossStep, labels: FigureLabels): BarRow {
  const answered = transmitted === 0 ? 0 : (Math.min(received, transmitted) * 100) / transmitted;
  return {
    label,
    parts: [
      { ink: 'received', amount: answered },
      { ink: 'lost', amount: transmitted === 0 ? 0 : 100 - answered },
    ],
    value: labels.receivedOf(received, transmitted),
    caption: null,
  };
}

function lossText(steps: readonly LossStep[], labels: FigureLabels): string {
  if (steps.length === 0) return labels.nothingObserved;
  const head = { label: labels.step, cells: [labels.sent, labels.received, labels.lost] };
  const rows = steps.map(({ label, transmitted, received }) => ({
    label,
    cells: [transmitted, received, Math.max(0, transmitted - received)].map(String),
  }));
  return labelledTable([head, ...rows]).join('\n');
}
