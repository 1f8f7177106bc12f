import type { CellValue, FigureSources, Measured, MeasuredRow } from '../../src/figure/kinds/sources.ts';
import { englishLabels, type FigureLabels } from '../../src/figure/labels.ts';
import type { DrawOptions } from '../../src/figure/kinds/kind.ts';

type Cell = Readonly<Record<string, CellValue>>;

/** A measure of every combination of the parameters' values, `repeats` times; `value` null: it could not be read. */
export function measured(
  name: string,
  parameters: Readonly<Record<string, readonly CellValue[]>>,
  value: (cell: Cell, repeat: number) => number | null,
  { unit = null, title = name, repeats = 1 }: { unit?: string | null; title?: string; repeats?: number } = {},
): Measured {
  const cells = Object.entries(parameters).reduce<Cell[]>(
    (known, [key, values]) => known.flatMap((cell) => values.map((each) => ({ ...cell, [key]: each }))),
    [{}],
  );
  const rows = cells.flatMap((cell) =>
    Array.from({ length: repeats }, (_, index): MeasuredRow => {
      const found = value(cell, index + 1);
      return { cell, repeat: index + 1, value: found, why: found === null ? 'the line has no number' : null };
    }),
  );
  return { name, title, unit, parameters: Object.keys(parameters), rows };
}

/** What figures are drawn from, where there are these measures and nothing else. */
export function sourcesOf(measures: readonly Measured[], others: Partial<FigureSources> = {}): FigureSources {
  const nothing = (): null => null;
  return {
    clock: 'virtual',
    terminalEntry: nothing,
    observation: nothing,
    runs: (name) => {
      const observation = others.observation?.(name) ?? null;
      return observation === null ? [] : [{ cell: {}, repeat: 1, observation }];
    },
    topology: nothing,
    stepTitle: (name) => name,
    commandLabel: (name) => name,
    timeRows: () => [],
    measured: (name) => measures.find((each) => each.name === name) ?? null,
    ...others,
  };
}

export function options(title = 'A title', labels: FigureLabels = englishLabels): DrawOptions {
  return { title, labels, say: ({ en, zh }) => (labels === englishLabels ? en : zh) };
}

/** Numbers from 0 to 1 that look like chance, the same at each call. */
export function dice(seed = 1): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
