import type { UndecidedReason } from '../claim/judge.ts';
import type { FigureVerdict } from '../comparison/judge-figures.ts';
import type { Translate } from './language.ts';
import type { Timing } from './model/timings.ts';

/** What a target of a report writes; what comes out of it, and the parameters of `say`, are its markup. */
export interface Markup {
  readonly say: Translate;
  readonly code: (text: string) => string;
}

export function sayReason(reason: UndecidedReason, { say, code }: Markup): string {
  switch (reason.kind) {
    case 'not-run':
      return say('undecided-not-run', { experiment: code(reason.experiment) });
    case 'missing':
      return say('undecided-missing', { observed: code(reason.observed) });
    case 'unreadable':
      return say('undecided-unreadable', { observed: code(reason.observed), detail: code(reason.detail) });
    case 'given':
      return say('undecided-given');
    case 'failed':
      return say('undecided-failed', { detail: code(reason.detail) });
  }
}

export function sayPart({ part, experiment }: Timing, { say, code }: Markup): string {
  return say(`timing-${part}`, experiment === null ? {} : { experiment: code(experiment) });
}

/** The key of a figure's verdict in the catalogues. */
export function figureStateKey(state: FigureVerdict['state']): string {
  return `figure-${state.replace(' ', '-')}`;
}
