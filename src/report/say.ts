import type { UndecidedReason } from '../claim/judge.ts';
import type { FigureVerdict } from '../comparison/judge-figures.ts';
import type { MaskCount } from '../comparison/masks.ts';
import type { Prose } from '../study/schema.ts';
import type { Language, Translate } from './language.ts';
import type { LeftBehind } from '../evidence/left-behind.ts';
import type { AskedNeed } from '../evidence/needs.ts';
import { isKnownMask } from '../study/mask-names.ts';
import { sayCurve } from './say-curve.ts';
import { isKnownPart } from '../evidence/run-record.ts';
import type { ExperimentModel } from './model/experiments.ts';
import type { FigureComparison } from './model/figure-comparison.ts';
import type { Ending } from '../study/expected-exits.ts';
import type { OmissionRow } from './model/failures.ts';
import type { Timing } from './model/timings.ts';
import type { EndRemark, ShownFailure } from './model/transcript.ts';

/** What a target of a report writes; what comes out of it, and the parameters of `say`, are its markup. */
export interface Markup {
  readonly say: Translate;
  /** A message of plain words alone, as those that stand between others. */
  readonly words: (key: string) => string;
  readonly code: (text: string) => string;
  /** What a study says, in the language of the report. */
  readonly prose: (text: Prose) => string;
  /** A link to a file of the run's folder; the message `key` is its words. */
  readonly link: (key: string, path: string) => string;
}

/** Plain text, for a terminal. */
export function plainMarkup(t: Translate, language: Language): Markup {
  return { say: t, words: t, code: (text) => `'${text}'`, prose: (text) => text[language], link: (key) => t(key) };
}

export function sayReason(reason: UndecidedReason, markup: Markup): string {
  const { say, code, prose } = markup;
  switch (reason.kind) {
    case 'not-run':
      return reason.step === undefined
        ? say('undecided-not-run', { experiment: code(reason.experiment) })
        : say('undecided-step-not-run', { step: code(`${reason.experiment}/${reason.step}`) });
    case 'lacks':
      return say('undecided-lacks', {
        experiment: code(reason.experiment),
        needs: sayNeeds(reason.lacks, { say, code }),
      });
    case 'missing':
      return say('undecided-missing', { observed: code(reason.observed) });
    case 'not-as-ran':
      return sayMismatch(reason, { say, code });
    case 'unreadable':
      return say('undecided-unreadable', { observed: code(reason.observed), detail: code(reason.detail) });
    case 'unread-line':
      return say('undecided-unread-line', { observed: code(reason.observed), detail: code(reason.detail) });
    case 'not-observed':
      return say('undecided-not-observed', { observed: code(reason.observed), detail: code(reason.detail) });
    case 'ended':
      return say(reason.limitReached ? 'undecided-limit' : 'undecided-ended', {
        observed: code(reason.observed),
        status: String(reason.status),
      });
    case 'no-parser':
      return say('undecided-no-parser', { observed: code(reason.observed) });
    case 'after-failure':
      return say('undecided-after-failure', { experiment: code(reason.experiment), command: code(reason.command) });
    case 'given':
      return say('undecided-given');
    case 'expected':
      return say('undecided-expected', { because: prose(reason.because) });
    case 'self-check':
      return say('undecided-self-check', { otherwise: prose(reason.otherwise) });
    case 'self-check-unknown':
      return say('undecided-self-check-unknown', { detail: sayReason(reason.detail, markup) });
    case 'nothing-read':
      return say('undecided-nothing-read');
    case 'failed':
      return say('undecided-failed', { detail: code(reason.detail) });
  }
}

/** What an experiment left behind. */
export function sayLeft({ namespaces, devices, processes }: LeftBehind, { say, code, words }: Markup): string {
  const all = { namespaces, devices, processes: processes.map(({ name }) => name) };
  const parts = Object.entries(all).flatMap(([kind, names]) =>
    names.length === 0 ? [] : [say(`left-${kind}`, { names: names.map(code).join(words('list-separator')) })],
  );
  return say('left-behind', { left: parts.join(words('clause-separator')) });
}

/** Things that an experiment needs. */
export function sayNeeds(needs: readonly AskedNeed[], { say, code }: Pick<Markup, 'say' | 'code'>): string {
  return needs.map(({ kind, name }) => `${say(`need-${kind}`)} ${code(name)}`).join(say('list-separator'));
}

function sayMismatch(
  { observed, mismatch }: Extract<UndecidedReason, { kind: 'not-as-ran' }>,
  { say, code }: Pick<Markup, 'say' | 'code'>,
): string {
  switch (mismatch.kind) {
    case 'other-command':
      return say('undecided-other-command', { observed: code(observed), ran: code(mismatch.ran) });
    case 'ambiguous':
      return say('undecided-ambiguous', { observed: code(observed), times: String(mismatch.times) });
    case 'other-script':
      return say('undecided-other-script', { observed: code(observed), script: code(mismatch.script) });
  }
}

/** What a transcript says of how a command ended. */
export function sayRemark(remark: EndRemark, say: Translate): string {
  if (remark.kind === 'failed') return `✗ ${sayFailure(remark, say)}`;
  if (remark.kind === 'as-expected') return `✓ ${say('as-expected', { ending: sayEnding(remark.ending, say) })}`;
  if (remark.kind === 'binary') {
    return `⤓ ${say('collected-binary', { bytes: String(remark.bytes), checksum: remark.sha256 })}`;
  }
  const ending = sayEnding(remark.ending, say);
  if (remark.readyAfterS === null) return `⏹ ${ending}`;
  return `⏹ ${say('background-ready', { seconds: remark.readyAfterS.toFixed(2), ending })}`;
}

/** How a command ended, and what was expected of it. */
export function sayFailure({ ending, expected }: ShownFailure, say: Translate): string {
  return say('failed-unexpectedly', { ending: sayEnding(ending, say), expected: sayExpected(expected, say) });
}

export function sayEnding({ status, how }: Ending, say: Translate): string {
  return say(`ending-${how}`, { status: String(status) });
}

function sayExpected(expected: ShownFailure['expected'], say: Translate): string {
  if (expected === null) return say('expected-of-script');
  if (expected === 'ping') return say('expected-statuses', { statuses: '0, 1' });
  if (typeof expected === 'string') return say(`expected-${expected}`);
  return say('expected-statuses', { statuses: [expected].flat().join(', ') });
}

/** That a script ran as one command, and why: see Traced. */
export function sayWhole(why: string, { say, code }: Markup): string {
  const construct = /^construct: (.+)$/s.exec(why)?.[1];
  const reason = construct === undefined ? say(`whole-${why}`) : say('whole-construct', { construct: code(construct) });
  return say('script-whole', { why: reason });
}

/** What of a step did not run, and why. */
export function sayOmission({ texts, after }: OmissionRow, { say, code }: Markup): string {
  const commands = texts.map(code).join(say('list-separator'));
  if (after === null) return say('did-not-run', { commands });
  const ending = after.ending === null ? say('ending-unknown') : sayEnding(after.ending, say);
  return say('did-not-run-after', { commands, command: code(after.command), ending });
}

export function sayPart({ part, experiment }: Timing, { say, code }: Markup): string {
  if (!isKnownPart(part) && part !== 'total' && part !== 'commands') return code(part);
  return say(`timing-${part}`, experiment === null ? {} : { experiment: code(experiment) });
}

/** The key of a figure's verdict in the catalogues. */
export function figureStateKey(state: FigureVerdict['state']): string {
  return `figure-${state.replace(' ', '-')}`;
}

/** With what a figure is compared, or why it can't be; and what was masked. */
export function sayComparison({ origin, run, missing, masks, curve }: FigureComparison, markup: Markup): string {
  const { say, words } = markup;
  const parameters = { origin: say(`origin-${origin ?? ''}`, { run }) };
  const reasons = missing.map((reason) => sayReason(reason, markup)).join(words('clause-separator'));
  const compared =
    missing.length === 0
      ? say('compared-with', parameters)
      : `${say('not-comparable', parameters)}${words('colon')}${reasons}${words('full-stop')}`;
  if (curve !== null) return [compared, ...sayCurve(curve, markup)].join(words('between-sentences'));
  if (masks.length === 0) return compared;
  const masked = masks.map((mask) => sayMask(mask, markup)).join(words('list-separator'));
  return `${[compared, say('masked'), masked].join(words('between-sentences'))}${words('full-stop')}`;
}

/** A mask of the study's own has but its name. */
export function sayMask({ mask, count }: MaskCount, { say, code }: Pick<Markup, 'say' | 'code'>): string {
  return `${isKnownMask(mask) ? say(`mask-${mask}`) : code(mask)} (${count})`;
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
