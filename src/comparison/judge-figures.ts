import { whyUnavailable, type UndecidedReason } from '../claim/judge.ts';
import { cutOffReason, partlyRead, type Observed } from '../claim/observations.ts';
import type { RecordedCommand } from '../evidence/journal.ts';
import type { Evidence } from '../evidence/open.ts';
import { renderRouteTable } from '../observation/route-table.ts';
import type { Figure, Origin } from '../study/schema.ts';
import { compareTexts, leastAlike, type DifferenceLine, type Likeness, type LineComparison } from './lines.ts';
import type { MaskCount, MaskName } from './masks.ts';
import { compareTopologies } from './topologies.ts';

/** How a regenerated figure stands to what the study expects of it. */
export interface FigureVerdict {
  readonly figure: string;
  /**
   * `undecided`: something that it shows was not observed, or not to its end. `not compared`: the study does not say what
   * it shows.
   */
  readonly state: Likeness | 'undecided' | 'not compared';
  /** Where the expectation comes from; null where there is none. */
  readonly origin: Origin | null;
  /** What was not observed, and why. */
  readonly missing: readonly UndecidedReason[];
  /** What was masked, and how often it hid a difference. */
  readonly masks: readonly MaskCount[];
  /** By capture or topology, where it is different. */
  readonly differences: readonly { readonly observed: string; readonly lines: readonly DifferenceLine[] }[];
}

/** Compares every figure of the study with its expectation, by the rule that the study gives for it. */
export function judgeFigures(
  evidence: Evidence,
  observed: ReadonlyMap<string, Observed>,
  unasked: ReadonlyMap<string, string>,
): FigureVerdict[] {
  const commands = new Map([...evidence.captures.values()].map(({ name, command }) => [name, command]));
  return evidence.loaded.study.figures.map((figure) => judgeFigure(figure, { commands, observed, unasked }));
}

interface Observations {
  readonly commands: ReadonlyMap<string, RecordedCommand | null>;
  readonly observed: ReadonlyMap<string, Observed>;
  /** The experiment of each capture and topology whose experiment was not asked for. */
  readonly unasked: ReadonlyMap<string, string>;
}

function judgeFigure(figure: Figure, observations: Observations): FigureVerdict {
  const nothing = { figure: figure.id, origin: null, missing: [], masks: [], differences: [] };
  if (figure.shows === undefined) return { ...nothing, state: 'not compared' };
  const parts = partsOf(figure, observations);
  const missing = whyMissing(parts, observations.unasked);
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

function whyMissing(parts: readonly Part[], unasked: ReadonlyMap<string, string>): UndecidedReason[] {
  const experiments = new Set(parts.flatMap(({ name }) => unasked.get(name) ?? []));
  return [
    ...[...experiments].map((experiment) => ({ kind: 'not-run', experiment }) as const),
    ...parts.flatMap(({ name, why }) => (unasked.has(name) ? [] : why)),
  ];
}

interface Part {
  readonly name: string;
  /** null: it was not observed, and `why` says why. */
  readonly comparison: LineComparison | null;
  readonly why: readonly UndecidedReason[];
}

function partsOf({ shows, topology, routeTable }: Figure, { commands, observed }: Observations): Part[] {
  if (shows === undefined) return [];
  if (shows.topology !== undefined) {
    const name = topology ?? '';
    const found = observed.get(name);
    const comparison =
      found?.state === 'topology' ? compareTopologies(shows.topology, found.topology, shows.masks) : null;
    return [{ name, comparison, why: whyUnavailable(name, found) }];
  }
  return Object.entries(shows.outputs ?? {}).map(([name, expected]) => {
    const found = routeTable === undefined ? outputOf(name, commands) : routeTableOf(name, observed.get(name));
    if (typeof found !== 'string') return { name, comparison: null, why: found };
    const comparison = compareTexts(expected, found, shows.masks);
    const why = routeTable !== undefined || comparison.state === 'different' ? [] : unheld(name, commands);
    return { name, comparison: why.length === 0 ? comparison : null, why };
  });
}

/** Of an output that is as expected as far as it is held: why it can't be said of the whole; empty where it can. */
function unheld(name: string, commands: Observations['commands']): UndecidedReason[] {
  const command = commands.get(name) ?? null;
  if (command === null || command.rest === null) return [];
  return [{ kind: 'unreadable', observed: name, detail: partlyRead(command.output, command.rest), line: null }];
}

function outputOf(name: string, commands: Observations['commands']): string | readonly UndecidedReason[] {
  const command = commands.get(name) ?? null;
  if (command === null) return [{ kind: 'missing', observed: name }];
  if (command.end === null) return [{ kind: 'unreadable', observed: name, detail: cutOffReason, line: null }];
  return command.output.toString('utf8');
}

function routeTableOf(name: string, observed: Observed | undefined): string | readonly UndecidedReason[] {
  if (observed?.state !== 'capture' || observed.observation.kind !== 'routes') return whyUnavailable(name, observed);
  return renderRouteTable(observed.observation);
}

function sumOf(counts: readonly MaskCount[]): MaskCount[] {
  const sums = new Map<MaskName, number>();
  for (const { mask, count } of counts) sums.set(mask, (sums.get(mask) ?? 0) + count);
  return [...sums].map(([mask, count]) => ({ mask, count }));
}
