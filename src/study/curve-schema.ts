import { z } from 'zod';

const place = z
  .union([z.number(), z.string().min(1)])
  .describe('A value of the parameter, or of the measure, at the level axis.');

const curve = z.array(z.tuple([place, z.number()])).min(1);

/** What the paper's figure shows as numbers. */
export const curvePoints = z
  .union([curve, z.record(z.string(), curve)])
  .describe(
    'The points of the source’s curve, as [[x, y], …]; of several, by the names of the figure’s series. Of boxes they are the medians, of a distribution a value and a share, of a table a row and its value.',
  );

const tolerance = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?%$/, 'a tolerance is a number, or a share as 10%')])
  .describe('How far our value may be from the source’s: a share of it (10%), or a number in the unit of the axis.');

const rule = z.union([
  z.strictObject({ tolerance }),
  z
    .enum(['order', 'sign'])
    .describe(
      '`order`: which series is above which, at each of the source’s places. `sign`: whether a value is above zero or below.',
    ),
  z.strictObject({
    crossing: z.tuple([z.number(), z.number()]).describe('The first two series cross between these places.'),
  }),
  z.strictObject({
    monotone: z.enum(['rising', 'falling']).describe('No value is on the wrong side of the one before it.'),
  }),
  z.strictObject({
    ratio: z.number().positive().describe('The first of the source’s series is at least so many times the second.'),
  }),
]);

export const curveRules = z
  .union([rule, z.array(rule).min(1)])
  .transform((written) => (Array.isArray(written) ? written : [written]))
  .describe('By what our curve is compared with the source’s; of several rules, all must hold.');

/** By what a curve of ours is compared with the paper's. */
export type CurveRule = z.output<typeof rule>;
export type CurvePoints = z.output<typeof curvePoints>;
