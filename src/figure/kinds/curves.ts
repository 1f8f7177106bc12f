import type { Spread, Statistic } from '../chart-labels.ts';
import { namesOf } from './chart.ts';
import { shownOf, summaryOf, wholeGroups, type Grouping } from './groups.ts';
import type { Curve, Lack } from './kind.ts';
import type { NumberSources } from './sources.ts';

interface Asked extends Grouping {
  readonly show?: Statistic | undefined;
  readonly spread?: Spread | undefined;
}

/** A measure's groups as curves: one value for each place, the median where the figure shows each. */
export function measuredCurves(sources: NumberSources, asked: Asked): Curve[] | Lack {
  const grouped = wholeGroups(sources, asked);
  if ('lacks' in grouped) return grouped;
  const { groups } = grouped;
  const { show } = shownOf(groups, asked);
  return namesOf(groups).map((name) => ({
    name,
    points: groups.flatMap(({ series, x, values }): Curve['points'][number][] => {
      if (series !== name) return [];
      const { value } = summaryOf(values, show === 'mean' ? 'mean' : 'median', 'none');
      return [[typeof x === 'number' ? x : String(x), value]];
    }),
  }));
}
