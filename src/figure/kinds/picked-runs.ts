import { z } from 'zod';
import { quantity } from './chart-keys.ts';
import type { Lack, Reference } from './kind.ts';
import type { CaptureRun, CellValue, NumberSources } from './sources.ts';

/** The keys that pick runs of a capture whose experiment has parameters or repeats. */
export const pickKeys = {
  cell: z
    .record(quantity, z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Which runs are shown of a capture whose experiment has parameters: those with these values of them.'),
  repeat: z.int().min(1).optional().describe('Which of the repeats is shown, from 1.'),
};

export interface Pick {
  readonly cell?: Readonly<Record<string, CellValue>> | undefined;
  readonly repeat?: number | undefined;
}

/** The runs of a capture that are picked, all of them read; or why there are none. */
export function pickedRuns(sources: NumberSources, capture: string, { cell = {}, repeat }: Pick): ReadRun[] | Lack {
  const all = sources.runs(capture);
  const fits = (run: CaptureRun): boolean =>
    Object.entries(cell).every(([name, value]) => run.cell[name] === value) &&
    (repeat === undefined || run.repeat === repeat);
  const picked = all.filter(fits);
  if (picked.length === 0)
    return { lacks: capture, because: all.length === 0 ? null : 'no run of it has what is picked' };
  const read: ReadRun[] = [];
  for (const { observation, ...run } of picked) {
    if (observation === null)
      return { lacks: capture, because: all.length === 1 ? null : `nothing was read of it for ${runText(run)}` };
    read.push({ ...run, observation });
  }
  return read;
}

export interface ReadRun extends CaptureRun {
  readonly observation: NonNullable<CaptureRun['observation']>;
}

function runText({ cell, repeat }: Omit<CaptureRun, 'observation'>): string {
  return [...Object.entries(cell).map(([name, value]) => `${name} = ${String(value)}`), `repeat ${repeat}`].join(', ');
}

/** What a run differs in from the others: the values of parameters that are not the same in all of them, and the repeat. */
export function differencesOf(run: CaptureRun, runs: readonly CaptureRun[]): string[] {
  const varying = Object.keys(run.cell).filter((name) => runs.some((other) => other.cell[name] !== run.cell[name]));
  const isRepeated = runs.some(({ repeat }) => repeat !== run.repeat);
  return [
    ...varying.map((name) => `${name} = ${String(run.cell[name])}`),
    ...(isRepeated ? [`repeat ${run.repeat}`] : []),
  ];
}

export function pickReferences(kind: string, { cell = {} }: Pick): Reference[] {
  return Object.keys(cell).map((name) => ({
    name,
    path: [kind, 'cell', name],
    to: { is: 'parameter', words: 'parameter' },
  }));
}
