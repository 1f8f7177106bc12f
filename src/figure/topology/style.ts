import type { FigureLabels } from '../labels.ts';
import type { Marks } from './marks.ts';

/** Distances in px, and how much is shown. */
export interface Metrics {
  readonly boxPadding: number;
  /** Width of a box's contents: no narrower, and what is wider wraps. */
  readonly narrowest: number;
  readonly widest: number;
  /** Left and right of a card's words, and around the ports within a bridge's card. */
  readonly cardPaddingX: number;
  readonly cardPaddingY: number;
  readonly cardGap: number;
  readonly rowGap: number;
  /** Between words at the left edge and words at the right. */
  readonly columnGap: number;
  /** Between boxes side by side, whether a cable joins them or not: a figure without the cable looks the same but for it. */
  readonly gapX: number;
  readonly gapY: number;
  /** Of more addresses or routes, the last are left out and counted. */
  readonly maxAddresses: number;
  readonly maxRoutes: number;
  /** Whether what is not there is said too (`no address`), and what a box and a cable are (`namespace`, `veth pair`). */
  readonly isWordy: boolean;
}

export const fullMetrics: Metrics = {
  boxPadding: 16,
  narrowest: 224,
  widest: 420,
  cardPaddingX: 12,
  cardPaddingY: 8,
  cardGap: 10,
  rowGap: 5,
  columnGap: 20,
  gapX: 96,
  gapY: 36,
  maxAddresses: 16,
  maxRoutes: 16,
  isWordy: true,
};

/** Room (px) for the word on a frame's upper edge. */
export const badgeGap = 16;

/** For a panel of a strip: room for words on edges is kept in all of them, so that nothing moves from one to the next. */
export const compactMetrics: Metrics = {
  boxPadding: 9,
  narrowest: 128,
  widest: 300,
  cardPaddingX: 7,
  cardPaddingY: 5,
  cardGap: badgeGap,
  rowGap: badgeGap,
  columnGap: 9,
  gapX: 48,
  gapY: 26,
  maxAddresses: 4,
  maxRoutes: 6,
  isWordy: false,
};

/** Routes as lines of words, or as arrows to the devices by which they leave. */
export type RouteStyle = 'words' | 'arrows';

/** How a topology is drawn. */
export interface TopologyStyle {
  readonly labels: FigureLabels;
  readonly metrics: Metrics;
  readonly routes: RouteStyle;
  readonly marks: Marks;
  /** What a namespace stands for, by its name; `host`: the root namespace. */
  readonly captions: Readonly<Record<string, string>>;
}

/** Between cards, and between the rows of routes (px): more where words stand on their edges. */
export function gapsOf({ metrics, marks }: TopologyStyle): Pick<Metrics, 'cardGap' | 'rowGap'> {
  if (marks.isEmpty) return metrics;
  return { cardGap: Math.max(metrics.cardGap, badgeGap), rowGap: Math.max(metrics.rowGap, badgeGap) };
}
