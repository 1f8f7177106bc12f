import { kindOf } from '../../figure/kinds/kinds.ts';
import type { LoadedStudy } from '../../study/load.ts';
import { namesInFigure } from '../../study/names.ts';
import type { Figure } from '../../study/schema.ts';

/** Where the figures of a study stand in its report. */
export interface FigurePlaces {
  /** Behind a step, by the ids of its experiment and of itself. */
  after(experiment: string, step: string): readonly Figure[];
  /** Those of the numbers that the study measures, and of captures that there are in each run of an experiment. */
  readonly ofMeasures: readonly Figure[];
  /** Those that show nothing of a step, but the run as a whole: where its time went. */
  readonly ofTheRun: readonly Figure[];
}

/** A figure stands behind the last step that it shows something of. */
export function placeFigures({ study, index }: LoadedStudy): FigurePlaces {
  const places = study.figures.map((figure) => {
    const shown = new Set(namesInFigure(figure).flatMap((name) => index.stepOf(name) ?? []));
    return { figure, shown, last: index.steps.findLast((step) => shown.has(step)) };
  });
  return {
    after: (experiment, step) => {
      const here = index.step(experiment, step);
      return places.flatMap(({ figure, last }) => (last !== undefined && last === here ? [figure] : []));
    },
    ofMeasures: places.flatMap(({ figure, shown }) => (shown.size === 0 && isOfRuns(figure) ? [figure] : [])),
    ofTheRun: places.flatMap(({ figure, shown }) => (shown.size === 0 && !isOfRuns(figure) ? [figure] : [])),
  };
}

function isOfRuns(figure: Figure): boolean {
  return kindOf(figure)
    .references(figure)
    .some(({ to }) => to.is === 'measure' || to.is === 'quantity' || to.is === 'capture');
}
