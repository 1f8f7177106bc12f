import { z } from 'zod';
import { captureId, maxCharacters, tooLong } from '../../core/names.ts';
import type { Reference, Words } from './kind.ts';

/** The keys that figures of what was measured have in common. */

/** A measure or a parameter. */
export const quantity = captureId.describe('The name of a measure or a parameter.');

const word = z.string().min(1).max(maxCharacters, tooLong);

/** As prose of a study is, in either format. */
const words = z
  .union([word, z.strictObject({ en: word, zh: word }), z.strictObject({ en: word }), z.strictObject({ zh: word })])
  .transform((written): Words => {
    if (typeof written === 'string') return { en: written, zh: written };
    const [en, zh] = ['en' in written ? written.en : written.zh, 'zh' in written ? written.zh : written.en];
    return { en, zh };
  });

export const axisLabels = z
  .strictObject({
    x: words.optional().describe('At the level axis.'),
    y: words.optional().describe('At the upright axis.'),
  })
  .optional()
  .describe('What stands at the axes in place of the names, with the unit: `{ y: Goodput (Mbit/s) }`.');

export const by = quantity.optional().describe('A parameter: a series for each of its values.');

export const show = z
  .enum(['each', 'median', 'mean'])
  .optional()
  .describe(
    'What stands for the repeats of a cell: each value, or one for all; when left out, the median where there are repeats.',
  );

export const spread = z
  .enum(['none', 'range', 'interval'])
  .optional()
  .describe(
    'What is drawn around a median or a mean: nothing, the least and the greatest value (when left out), or the 95 % ' +
      'confidence interval of the mean, by Student’s t.',
  );

/** Whether what is shown and its spread go together: an interval is one of the mean. */
export function goTogether({
  show: shown,
  spread: around,
}: {
  readonly show?: string | undefined;
  readonly spread?: string | undefined;
}): boolean {
  if (shown === 'each') return around === undefined || around === 'none';
  return around !== 'interval' || shown === 'mean' || shown === undefined;
}

export const apart =
  "the spread 'interval' is one of the mean, and 'each' has none: write `show: mean`, or another spread";

/** References of a figure to measures and parameters, by the keys in which they stand. */
export function quantities(
  kind: string,
  keys: Readonly<
    Record<string, { readonly name: string | undefined; readonly is: 'measure' | 'parameter' | 'quantity' }>
  >,
): Reference[] {
  return Object.entries(keys).flatMap(([key, { name, is }]) =>
    name === undefined ? [] : [{ name, path: [kind, key], to: { is, words: wordsOf[is] } }],
  );
}

const wordsOf = { measure: 'measure', parameter: 'parameter', quantity: 'parameter and no measure' } as const;
