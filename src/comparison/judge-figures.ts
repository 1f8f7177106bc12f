import { whyPartly, whyUnavailable, whyUnread, type UndecidedReason } from '../claim/judge.ts';
import type { SkipReason } from '../claim/scope.ts';
import { cutOffReason, partlyRead, type Observed } from '../claim/observations.ts';
import type { RecordedCommand } from '../evidence/journal.ts';
import type { Court } from '../claim/scope.ts';
import type { Evidence } from '../evidence/open.ts';
import type { Expectation } from '../figure/kinds/kind.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import { withoutIgnored } from '../observation/leave-out.ts';
import type { DrawnTopology, ExpectationOrigin, Figure } from '../study/schema.ts';
import type { CurveVerdict } from './curves.ts';
import { judgeCurve } from './judge-curve.ts';
import { ownMasksOf, type OwnMasks } from './own-masks.ts';
import { compareTexts, leastAlike, type DifferenceLine, type Likeness, type LineComparison } from './lines.ts';
import type { MaskCount, MaskName } from './masks.ts';
import { compareTopologies, whyNotCompared } from './topologies.ts';

/** How a regenerated figure stands to what the study expects of it. */
export interface FigureVerdict {
  readonly figure: string;
  /**
   * `undecided`: something that it shows was not observed, or not to its end. `not compared`: the study does not say what
   * it shows.
   */
  readonly state: Likeness | 'undecided' | 'not compared';
  /** Where the expectation comes from; null where there is none. */
  readonly origin: ExpectationOrigin | null;
  /** What was not observed, and why. */
  readonly missing: readonly UndecidedReason[];
  /** What was masked, and how often it hid a difference. */
  readonly masks: readonly MaskCount[];
  /** By capture, topology or measure, where it is different. */
  readonly differences: readonly { readonly observed: string; readonly lines: readonly DifferenceLine[] }[];
  /** Of a figure that is compared with points: by which rules, and how each came out. */
  readonly curve?: CurveVerdict;
}

/** Compares every figure of the study with its expectation, by the rule that the study gives for it. */
export function judgeFigures(
  evidence: Evidence,
  court: Court,
  skipped: ReadonlyMap<string, SkipReason>,
): FigureVerdict[] {
  const observations = observationsOf({ evidence, court, skipped });
  return evidence.loaded.study.figures.map((figure) => judgeFigure(figure, observations));
}

/** What a run has that figures can be compared with. */
export interface FigureObservations {
  readonly commands: ReadonlyMap<string, RecordedCommand | null>;
  readonly observed: ReadonlyMap<string, Observed>;
  /** The measures of the study. */
  readonly court: Court;
  /** Of each capture and topology that did not run: why. */
  readonly skipped: ReadonlyMap<string, SkipReason>;
  /** Of the study of the figures. */
  readonly ownMasks: OwnMasks;
}

export function observationsOf({
  evidence,
  court,
  skipped,
}: {
  readonly evidence: Evidence;
  readonly court: Court;
  readonly skipped: ReadonlyMap<string, SkipReason>;
}): FigureObservations {
  const commands = new Map([...evidence.captures.values()].map(({ name, command }) => [name, command]));
  return { commands, observed: court.observed, court, skipped, ownMasks: ownMasksOf(evidence.loaded.study) };
}

export function judgeFigure(figure: Figure, observations: FigureObservations): FigureVerdict {
  const nothing = { figure: figure.id, origin: null, missing: [], masks: [], differences: [] };
  if (figure.shows === undefined) return { ...nothing, state: 'not compared' };
  if (figure.shows.points !== undefined) return { ...nothing, ...judgeCurve(figure, observations) };
  const parts = partsOf(figure, observations);
  const missing = whyMissing(parts, observations.skipped);
  const { origin } = figure.shows;
  if (missing.length > 0) return { ...nothing, state: 'undecided', origin, missing };
  const compared = parts.flatMap(({ name, comparison }) => (comparison === null ? [] : [{ name, ...comparison }]));
  return {
    ...nothing,
    state: leastAlike(compared.map(({ state }) => state)),
    origin,
    masks: sumOf(compared.flatMap(({ masks }) => masks)),
    differences: compared
      .filter(({ state }) => state === 'different')
      .map(({ name, differences }) => ({ observed: name, lines: differences })),
  };
}

function whyMissing(parts: readonly Part[], skipped: ReadonlyMap<string, SkipReason>): UndecidedReason[] {
  const reasons = parts.flatMap(({ name }) => skipped.get(name) ?? []);
  return [
    ...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values(),
    ...parts.flatMap(({ name, why }) => (skipped.has(name) ? [] : why)),
  ];
}

interface Part {
  readonly name: string;
  /** null: it was not observed, and `why` says why. */
  readonly comparison: LineComparison | null;
  readonly why: readonly UndecidedReason[];
}

function partsOf(figure: Figure, { commands, observed, ownMasks }: FigureObservations): Part[] {
  const { shows } = figure;
  if (shows === undefined) return [];
  const kind = kindOf(figure);
  const { topology: drawn, masks } = shows;
  if (drawn !== undefined)
    return kind
      .references(figure)
      .map(({ name }) => topologyPart(name, withoutIgnoredOf(figure, observed.get(name)), { drawn, masks }));
  const { expectation } = kind;
  return Object.entries(shows.outputs ?? {}).map(([name, expected]) =>
    expectation.of === 'rendered'
      ? textPart(name, renderedText(name, observed.get(name), expectation), { expected, masks, ownMasks })
      : printedPart(name, commands.get(name) ?? null, observed.get(name), { expected, masks, ownMasks }),
  );
}

/** The text of each of these captures of a figure, as it is compared with what is expected; or why there is none. */
export function expectationParts(
  figure: Figure,
  names: readonly string[],
  { commands, observed }: FigureObservations,
): { readonly name: string; readonly text: string | readonly UndecidedReason[] }[] {
  const { expectation } = kindOf(figure);
  return names.map((name) => {
    const found = observed.get(name);
    if (expectation.of === 'rendered') return { name, text: renderedText(name, found, expectation) };
    return { name, text: printedText(name, commands.get(name) ?? null, found) };
  });
}

/** What the figure leaves out is not compared. */
function withoutIgnoredOf(figure: Figure, observed: Observed | undefined): Observed | undefined {
  if (observed?.state !== 'topology' || figure.kind !== 'topology') return observed;
  return { ...observed, topology: withoutIgnored(observed.topology, figure.ignore ?? []) };
}

function topologyPart(
  name: string,
  observed: Observed | undefined,
  { drawn, masks }: { readonly drawn: DrawnTopology; readonly masks: readonly MaskName[] },
): Part {
  if (observed?.state !== 'topology') return { name, comparison: null, why: whyUnavailable(name, observed) };
  // What could not be read may be what the drawing has.
  const unread = whyPartly(name, observed);
  if (unread !== null && !masks.includes('routes')) return { name, comparison: null, why: [unread] };
  const detail = whyNotCompared(drawn, observed.topology, masks);
  if (detail !== null) return { name, comparison: null, why: [{ kind: 'not-observed', observed: name, detail }] };
  return { name, comparison: compareTopologies(drawn, observed.topology, masks), why: [] };
}

interface ExpectedText {
  readonly expected: string;
  readonly masks: readonly MaskName[];
  readonly ownMasks: OwnMasks;
}

function textPart(
  name: string,
  text: string | readonly UndecidedReason[],
  { expected, masks, ownMasks }: ExpectedText,
): Part {
  if (typeof text !== 'string') return { name, comparison: null, why: text };
  return { name, comparison: compareTexts(expected, text, masks, ownMasks), why: [] };
}

/** Where an output is as expected as far as it is held, nothing can be said of the whole. */
function printedPart(
  name: string,
  command: RecordedCommand | null,
  observed: Observed | undefined,
  expected: ExpectedText,
): Part {
  if (observed?.state === 'unread' && observed.isFailure) {
    return { name, comparison: null, why: [whyUnread(name, observed)] };
  }
  const part = textPart(name, printedText(name, command, observed), expected);
  if (!command?.rest || part.comparison === null || part.comparison.state === 'different') return part;
  const detail = partlyRead(command.output, command.rest);
  return { name, comparison: null, why: [{ kind: 'unreadable', observed: name, detail, line: null }] };
}

function printedText(
  name: string,
  command: RecordedCommand | null,
  observed: Observed | undefined,
): string | readonly UndecidedReason[] {
  if (command === null) return whyUnavailable(name, observed);
  if (command.end === null) return [{ kind: 'unreadable', observed: name, detail: cutOffReason, line: null }];
  return command.output.toString('utf8');
}

function renderedText(
  name: string,
  observed: Observed | undefined,
  { render }: Extract<Expectation, { of: 'rendered' }>,
): string | readonly UndecidedReason[] {
  const text = observed?.state === 'capture' ? render(observed.observation) : null;
  return text ?? whyUnavailable(name, observed);
}

function sumOf(counts: readonly MaskCount[]): MaskCount[] {
  const sums = new Map<MaskName, number>();
  for (const { mask, count } of counts) sums.set(mask, (sums.get(mask) ?? 0) + count);
  return [...sums].map(([mask, count]) => ({ mask, count }));
}
