import type { Axis } from 'vega';

/** Up to six decimals, without zeros at the end; no grouping of digits, which is not the same everywhere. */
const numberFormat = '.6~f';

/** What all axes have in common: every label as it is, for the layout leaves them room enough. */
export const plotAxis = {
  labelFontSize: 12,
  format: numberFormat,
  labelOverlap: false,
  labelPadding: 3,
  tickSize: 5,
} as const satisfies Partial<Axis>;

/** Room of the ticks and labels below a plot, in px. */
export const axisHeight = 26;
