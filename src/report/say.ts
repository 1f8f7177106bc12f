import type { UndecidedReason } from '../claim/judge.ts';
import type { FigureVerdict } from '../comparison/judge-figures.ts';
import type { MaskCount } from '../comparison/masks.ts';
import type { Translate } from './language.ts';
import type { ExperimentModel } from './model/experiments.ts';
import type { FigureComparison } from './model/figure-comparison.ts';
import type { Timing } from './model/timings.ts';

/** What a target of a report writes; what comes out of it, and the parameters of `say`, are its markup. */
export interface Markup {
  readonly say: Translate;
  /** A message of plain words alone, as those that stand between others. */
  readonly words: (key: string) => string;
  readonly code: (text: string) => string;
  /** A link to a file of the run's folder; the message `key` is its words. */
  readonly link: (key: string, path: string) => string;
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

/** With what a figure is compared, or why it can't be; and what was masked. */
export function sayComparison({ origin, missing, masks }: FigureComparison, markup: Markup): string {
  const { say, words } = markup;
  const parameters = { origin: words(`origin-${origin ?? ''}`) };
  const reasons = missing.map((reason) => sayReason(reason, markup)).join(words('clause-separator'));
  const compared =
    missing.length === 0
      ? say('compared-with', parameters)
      : `${say('not-comparable', parameters)}${words('colon')}${reasons}${words('full-stop')}`;
  if (masks.length === 0) return compared;
  const masked = masks.map((mask) => sayMask(mask, markup)).join(words('list-separator'));
  return `${[compared, say('masked'), masked].join(words('between-sentences'))}${words('full-stop')}`;
}

export function sayMask({ mask, count }: MaskCount, { say }: Pick<Markup, 'say'>): string {
  return `${say(`mask-${mask}`)} (${count})`;
}

/** Where what an experiment printed is kept, and where its recording is; nothing of one that did not begin. */
export function sayRecords({ journal, recording }: ExperimentModel, { say, words, code, link }: Markup): string {
  const sentences = [
    ...(journal === null ? [] : [say('journal-link', { journal: link('the-journal', journal) })]),
    ...(recording === null
      ? []
      : [
          say('recording-link', { recording: link('the-recording', recording.path), command: code(recording.play) }),
          ...(recording.timed ? [] : [say('recording-untimed-note')]),
        ]),
  ];
  return sentences.join(words('between-sentences'));
}
