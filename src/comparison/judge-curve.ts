import type { Court } from '../claim/scope.ts';
import type { UndecidedReason } from '../claim/judge.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import type { NumberSources } from '../figure/kinds/sources.ts';
import type { Figure } from '../study/schema.ts';
import { captureRuns } from './capture-runs.ts';
import { compareCurves, curvesOf } from './curves.ts';
import type { FigureObservations, FigureVerdict } from './judge-figures.ts';
import { measuredIn } from './measured.ts';
import { whyLacking } from './why-lacking.ts';

/** How a figure's curves stand to the points that its study has of the paper's. */
export function judgeCurve(
  figure: Figure,
  observations: FigureObservations,
): Pick<FigureVerdict, 'state' | 'origin' | 'missing' | 'differences' | 'curve'> {
  const { shows } = figure;
  const kind = kindOf(figure);
  if (shows?.points === undefined || kind.curves === undefined)
    throw new RangeError(`figure ${figure.id} has no curve`);
  const undecided = (reason: UndecidedReason) => ({
    state: 'undecided' as const,
    origin: shows.origin,
    missing: [reason],
    differences: [],
  });
  const ours = kind.curves(figure, numberSources(observations.court));
  if ('lacks' in ours) return undecided(whyLacking(ours, observations));
  const [name = ''] = kind
    .references(figure)
    .flatMap(({ name, to }) => (to.is === 'measure' || to.is === 'capture' ? [name] : []));
  const compared = compareCurves(curvesOf(shows.points), ours, shows.rule ?? []);
  if (compared === null) return undecided({ kind: 'unreadable', observed: name, detail: outsideReason, line: null });
  const { state, differences, ...curve } = compared;
  return {
    state,
    origin: shows.origin,
    missing: [],
    differences: state === 'different' ? [{ observed: name, lines: differences }] : [],
    curve,
  };
}

const outsideReason = 'none of the points that are expected lies within what was measured';

/** What the numbers of a run's figures come from. */
export function numberSources(court: Court): NumberSources {
  return {
    measured: (name) => measuredIn(court, name, ({ en }) => en),
    runs: (capture) => captureRuns(court, capture),
  };
}
