import type { Court } from '../claim/scope.ts';
import type { Evaluation } from '../claim/expression.ts';
import type { Measured } from '../figure/kinds/sources.ts';
import type { Prose } from '../study/schema.ts';

/** A measure as figures take it: what it came out as in each run of its experiment; null: the study has none of that name. */
export function measuredIn(court: Court, name: string, say: (prose: Prose) => string): Measured | null {
  const measure = court.cells.measure(name);
  if (measure === undefined) return null;
  const { title, unit = null } = measure;
  return {
    name,
    title: title === undefined ? name : say(title),
    unit,
    parameters: Object.keys(court.cells.experimentOf(name)?.matrix?.parameters ?? {}),
    rows: court.measured(name).map(({ cell, evaluation }) => ({
      cell: cell?.cell.parameters ?? {},
      repeat: cell?.cell.repeat ?? 1,
      value: evaluation.state === 'value' ? evaluation.value : null,
      why: whyNone(evaluation),
    })),
  };
}

function whyNone(evaluation: Evaluation<number>): string | null {
  switch (evaluation.state) {
    case 'value':
      return null;
    case 'unread':
      return `nothing was read of '${evaluation.variable}'`;
    case 'by-line':
      return `a line of '${evaluation.variable}' is not read: ${evaluation.unread.reason}`;
    case 'not-observed':
    case 'failed':
      return evaluation.reason;
  }
}
