import Handlebars from 'handlebars';
import type { LeftBehind } from '../../evidence/left-behind.ts';
import type { AskedNeed } from '../../evidence/needs.ts';
import type { FigureVerdict } from '../../comparison/judge-figures.ts';
import type { DifferenceLine } from '../../comparison/lines.ts';
import { layout } from '../../evidence/layout.ts';
import type { Prose } from '../../study/schema.ts';
import type { ShownDecider } from '../model/claim-rows.ts';
import type { ExperimentModel } from '../model/experiments.ts';
import { sayGaps, type FigureComparison } from '../model/figure-comparison.ts';
import type { Translate } from '../language.ts';
import type { ReportModel } from '../model/model.ts';
import type { Timing } from '../model/timings.ts';
import {
  figureStateKey,
  type Markup,
  sayComparison,
  sayFailure,
  sayLeft,
  sayNeeds,
  sayOmission,
  sayPart,
  sayReason,
  sayRecords,
  sayWhole,
} from '../say.ts';
import type { OmissionRow } from '../model/failures.ts';
import { fillTemplate } from '../templates.ts';
import { visible } from '../visible.ts';
import type { ShownCommand, ShownFailure } from '../model/transcript.ts';
import { contentSecurityPolicy, readAssets } from './assets.ts';
import { citation } from './citation.ts';
import { escapeHtml, escapeHtmlLine, htmlCode } from './escape.ts';
import { icon } from './icon.ts';
import { inlineMarkdown, inlineWords } from './inline-markdown.ts';
import { htmlLink } from './link.ts';
import { htmlTranslator } from './messages.ts';
import { pictureSize, pictureUri } from './picture.ts';
import { anchorsOf, lineAnchor, terminalHtml } from './terminal.ts';

/** Characters of a recording that a page can hold; of a longer one it has a link to the file. */
const playableCharacters = 1024 * 1024;

/**
 * The report as one page of HTML that needs no other file and no network. `t` says its plain words. What the study, the
 * guest and the host say is text in it, whatever it holds.
 */
export function htmlReport(model: ReportModel, t: Translate): string {
  const player = model.experiments.some(({ recording }) => recording !== null && isPlayable(recording.content));
  const assets = readAssets({ player });
  const { SafeString } = Handlebars;
  const safe = (list: readonly string[]): Handlebars.SafeString[] => list.map((content) => new SafeString(content));
  const { authors, source } = citation(model.study.paper, model.language, t);
  const page = {
    ...model,
    policy: new SafeString(contentSecurityPolicy(assets, { player })),
    styles: safe(assets.styles),
    scripts: safe(assets.scripts),
    otherPage: model.otherLanguage === null ? null : layout.page(model.otherLanguage),
    authors: authors === '' ? '' : new SafeString(authors),
    source: source === '' ? '' : new SafeString(source),
  };
  return fillTemplate('report.html.hbs', page, { ...markupHelpers(model, t), ...plainHelpers(t) });
}

function isPlayable(recording: string): boolean {
  return recording.length <= playableCharacters;
}

/** Those that make plain text or a condition. */
function plainHelpers(t: Translate): Record<string, Handlebars.HelperDelegate> {
  return {
    words: (key: string, { hash }: Handlebars.HelperOptions) => visible(t(key, hash as Record<string, unknown>)),
    playable: isPlayable,
    stateClass: (state: FigureVerdict['state']) => state.replace(' ', '-'),
    seconds: ({ seconds }: Timing) => seconds.toFixed(2),
    guestSeconds: ({ guestSeconds }: Timing) => guestSeconds?.toFixed(2) ?? '',
  };
}

/** Those that have escaped what they make for its place; Handlebars escapes what comes from no helper. */
function markupHelpers(model: ReportModel, words: Translate): Record<string, Handlebars.HelperDelegate> {
  const { language, study, experiments, timings } = model;
  const say = htmlTranslator(language, model.sourceKind);
  const markup: Markup = {
    say,
    words: (key) => escapeHtmlLine(words(key)),
    code: htmlCode,
    prose: (text) => inlineMarkdown(text[language]),
    link: (key, path) => htmlLink(words(key), path),
  };
  const { prompt } = study;
  const anchors = new Set(experiments.flatMap(({ steps }) => steps.flatMap(({ commands }) => anchorsOf(commands))));
  const longest = Math.max(...timings.map(({ seconds }) => seconds), Number.MIN_VALUE);
  const proseOf = (value: Prose | string): string => (typeof value === 'string' ? value : value[language]);
  const helpers: Readonly<Record<string, (...args: never[]) => string>> = {
    t: (key: string, { hash }: Handlebars.HelperOptions) => say(key, mapValues(hash as Record<string, unknown>, html)),
    prose: (value: Prose | string) => inlineMarkdown(proseOf(value)),
    plain: (value: Prose | string) => inlineWords(proseOf(value)),
    text: escapeHtmlLine,
    code: htmlCode,
    codes: (values: readonly string[]) => values.map(htmlCode).join(markup.words('list-separator')),
    block: escapeHtml,
    link: htmlLink,
    terminal: (commands: readonly ShownCommand[]) => terminalHtml(prompt, commands, say),
    failed: (failure: ShownFailure) => sayFailure(failure, say),
    leftBehind: (left: LeftBehind) => sayLeft(left, markup),
    needs: (needs: readonly AskedNeed[]) => sayNeeds(needs, markup),
    omitted: (omission: OmissionRow) => sayOmission(omission, markup),
    ranWhole: (why: string) => sayWhole(why, markup),
    figureState: (state: FigureVerdict['state']) => say(figureStateKey(state)),
    difference: (lines: readonly DifferenceLine[]) => differenceHtml(sayGaps(lines, say)),
    why: (reason: Parameters<typeof sayReason>[0]) => sayReason(reason, markup),
    howCompared: (comparison: FigureComparison) => sayComparison(comparison, markup),
    records: (experiment: ExperimentModel) => sayRecords(experiment, markup),
    partName: (timing: Timing) => sayPart(timing, markup),
    bar: ({ seconds }: Timing) => bar(seconds / longest),
    deciding: (decider: ShownDecider) => decidingLink(decider, anchors),
    icon,
    dataUri: pictureUri,
    size: pictureSize,
    json: (value: string) => JSON.stringify(value).replaceAll('<', '\\u003c'),
  };
  return mapValues(
    helpers,
    (helper) =>
      (...args: unknown[]) =>
        new Handlebars.SafeString(helper(...(args as never[]))),
  );
}

/** A parameter of a message: HTML from a helper, or a text. */
function html(value: unknown): string {
  return value instanceof Handlebars.SafeString ? value.toHTML() : escapeHtmlLine(String(value));
}

/** To the line within the page where it is shown, else to the file. */
function decidingLink(decider: ShownDecider, anchors: ReadonlySet<string>): string {
  const anchor = decider.kind === 'capture' && decider.line !== null ? lineAnchor(decider.observed, decider.line) : '';
  return anchors.has(anchor) ? `#${anchor}` : encodeURI(decider.path);
}

const differenceTags: Readonly<Record<DifferenceLine['side'], string>> = {
  expected: 'del',
  observed: 'ins',
  both: 'span',
  gap: 'em',
};

/** A line for each, the sign before it, so that it can be told without colour. */
function differenceHtml(lines: readonly DifferenceLine[]): string {
  return lines
    .map(({ side, text }) => {
      const sign = side === 'expected' ? '-' : side === 'observed' ? '+' : ' ';
      return `<${differenceTags[side]}>${sign} ${escapeHtmlLine(text)}</${differenceTags[side]}>`;
    })
    .join('\n');
}

/** A bar of this share of the whole width. */
function bar(share: number): string {
  const width = (100 * share).toFixed(1);
  return `<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="1"/></svg>`;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
