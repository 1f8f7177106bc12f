import { sha256 } from '../core/hash.ts';
import { isBinary } from '../evidence/binary.ts';
import { isCollectedId } from '../study/collect.ts';
import type { OutputRest } from '../evidence/cut-output.ts';
import type { VerdictState } from '../claim/judge.ts';
import type { Observed } from '../claim/observations.ts';
import type { RecordedCommand } from '../evidence/journal.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import { namesInFigure } from '../study/names.ts';
import type { Figure, Study } from '../study/schema.ts';
import type { Findings } from './findings.ts';
import type { FigureVerdict } from './judge-figures.ts';
import { compareMeasured } from './compare-measured.ts';
import { compareTexts, leastAlike, type DifferenceLine, type Likeness, type LineComparison } from './lines.ts';
import { ownMasksOf, type OwnMasks } from './own-masks.ts';
import { usualMasks, type MaskCount, type MaskName } from './masks.ts';
import { compareObservedTopologies } from './topologies.ts';

/** Two runs side by side; what only one of the studies has is there with null for the other. */
export interface RunComparison {
  /** Whether both ran the same study, to the byte of each file. */
  readonly sameStudy: boolean;
  readonly claims: readonly {
    readonly claim: string;
    readonly a: VerdictState | null;
    readonly b: VerdictState | null;
  }[];
  readonly figures: readonly ComparedFigure[];
  /** Captures and topologies. */
  readonly observations: readonly ComparedObservation[];
}

export interface ComparedFigure {
  readonly figure: string;
  readonly a: FigureVerdict['state'] | null;
  readonly b: FigureVerdict['state'] | null;
  /**
   * How the two are to each other; null where one of them lacks something that the figure shows. A figure that shows
   * nothing of what was observed (where the time went) is not compared: no two runs take the same time.
   */
  readonly likeness: Likeness | 'not compared' | null;
  /** Of a figure of measures: the points that are not the same. */
  readonly differences: readonly DifferenceLine[];
}

export interface ComparedObservation {
  readonly name: string;
  /** null: one of the runs (`in`) has it, or none. */
  readonly likeness: Likeness | null;
  readonly in: 'both' | 'a' | 'b' | 'neither';
  readonly masks: readonly MaskCount[];
  readonly differences: readonly DifferenceLine[];
}

/** Compares two runs: each figure's captures by the figure's rule, all others by the usual masks and those of the study's own. */
export function compareRuns(a: Findings, b: Findings): RunComparison {
  const observations = compareObservations(a, b);
  const likeness = new Map(observations.map((each) => [each.name, each.likeness]));
  return {
    sameStudy: studyOf(a) === studyOf(b),
    claims: union(a.verdicts, b.verdicts, ({ claim }) => claim).map(({ id, a: one, b: other }) => ({
      claim: id,
      a: one?.state ?? null,
      b: other?.state ?? null,
    })),
    figures: union(a.figures, b.figures, ({ figure }) => figure).map(({ id, a: one, b: other }) => ({
      figure: id,
      a: one?.state ?? null,
      b: other?.state ?? null,
      ...compareFigures(figureOf(id, a), figureOf(id, b), { a, b, likeness }),
    })),
    observations,
  };
}

/** Whether anything differs that no mask hides. */
export function differs({ claims, figures, observations }: RunComparison): boolean {
  return (
    claims.some(({ a, b }) => a !== b) ||
    figures.some(({ a, b }) => (a === null) !== (b === null)) ||
    observations.some((each) => each.likeness === 'different' || each.in === 'a' || each.in === 'b')
  );
}

function studyOf({ evidence }: Findings): string {
  return JSON.stringify(evidence.loaded.files.map(({ path, content }) => [path, content.toString('base64')]));
}

function figureOf(id: string, { evidence }: Findings): Figure | undefined {
  return evidence.loaded.index.figures.get(id);
}

/** Where both studies have a figure of measures, its points are compared; else what it is drawn from has been. */
function compareFigures(
  inA: Figure | undefined,
  inB: Figure | undefined,
  {
    a,
    b,
    likeness,
  }: { readonly a: Findings; readonly b: Findings; readonly likeness: ReadonlyMap<string, Likeness | null> },
): Pick<ComparedFigure, 'likeness' | 'differences'> {
  const figure = inA ?? inB;
  if (figure === undefined) return { likeness: null, differences: [] };
  if (!isOfMeasures(figure)) return { likeness: figureLikeness(figure, likeness), differences: [] };
  const measured = inA === undefined || inB === undefined ? null : compareMeasured(inA, a, b);
  return measured ?? { likeness: null, differences: [] };
}

function isOfMeasures(figure: Figure): boolean {
  return kindOf(figure)
    .references(figure)
    .some(({ to }) => to.is === 'measure' || to.is === 'quantity');
}

function figureLikeness(figure: Figure, byName: ReadonlyMap<string, Likeness | null>): ComparedFigure['likeness'] {
  const parts = namesInFigure(figure).map((name) => byName.get(name) ?? null);
  if (parts.length === 0) return 'not compared';
  const known = parts.filter((part) => part !== null);
  return known.length < parts.length ? null : leastAlike(known);
}

function compareObservations(a: Findings, b: Findings): ComparedObservation[] {
  const { study } = a.evidence.loaded;
  const [masks, own] = [masksByName(study), ownMasksOf(study)];
  const unshown = [...usualMasks, ...own.keys()];
  return union(textsAndTopologies(a), textsAndTopologies(b), ({ name }) => name).map(({ id, a: one, b: other }) => {
    const [found, second] = [one?.found ?? null, other?.found ?? null];
    const nothing = { name: id, likeness: null, masks: [], differences: [] };
    if (found === null || second === null) {
      return { ...nothing, in: found !== null ? 'a' : second !== null ? 'b' : 'neither' };
    }
    const compared = compareResults(found, second, masks.get(id) ?? unshown, own);
    const { state, ...rest } = compared;
    return { name: id, likeness: state, in: 'both', ...rest };
  });
}

type ObservedTopology = Extract<Observed, { state: 'topology' }>;

function compareResults(a: Result, b: Result, masks: readonly MaskName[], own: OwnMasks): LineComparison {
  if ('topology' in a && 'topology' in b) return compareObservedTopologies(a.topology, b.topology, ['host-devices']);
  const [restA, restB] = [restOf(a), restOf(b)];
  if (restA !== null && restA.sha256 === restB?.sha256) return { state: 'same', masks: [], differences: [] };
  const compared = compareTexts(textOf(a), textOf(b), masks, own);
  if (compared.state === 'different' || (restA === null && restB === null)) return compared;
  const lines = Math.max(restA?.lines ?? 0, restB?.lines ?? 0);
  return { state: 'different', masks: [], differences: [{ side: 'gap', text: String(lines) }] };
}

function textOf(result: Result): string {
  if ('topology' in result) return JSON.stringify(result.topology);
  const { output } = result;
  // Nobody reads the lines of a file that is no text.
  return isCollectedId(result.id) && isBinary(output) ? `SHA-256 ${sha256(output)}\n` : output.toString('utf8');
}

/** What of a huge output is not held: it is compared to the byte, and no mask is applied to it. */
function restOf(result: Result): OutputRest | null {
  return 'topology' in result ? null : result.rest;
}

/** What a run has under a name: what a capture's command printed, or a topology. */
type Result = RecordedCommand | ObservedTopology;

interface NamedResult {
  readonly name: string;
  /** null where the run does not have it. */
  readonly found: Result | null;
}

function textsAndTopologies({ evidence, observed }: Findings): NamedResult[] {
  const captures = [...evidence.captures.values()].map(({ name, command }) => ({ name, found: command }));
  const topologies = [...evidence.loaded.index.topologies.keys()].map((name): NamedResult => {
    const found = observed.get(name);
    return { name, found: found?.state === 'topology' ? found : null };
  });
  return [...captures, ...topologies];
}

/** The masks of the figure that shows a capture as it was printed, where one does. The rule of a rendered one is for its rendering. */
function masksByName({ figures }: Study): Map<string, readonly MaskName[]> {
  return new Map(
    figures.flatMap((figure) => {
      const { shows } = figure;
      if (shows === undefined || kindOf(figure).expectation.of !== 'printed') return [];
      return namesInFigure(figure).map((name) => [name, shows.masks] as const);
    }),
  );
}

interface Both<T> {
  readonly id: string;
  readonly a: T | undefined;
  readonly b: T | undefined;
}

/** Everything that one of the lists has, in the order of the first and then of the second. */
function union<T>(a: readonly T[], b: readonly T[], idOf: (each: T) => string): Both<T>[] {
  const [inA, inB] = [a, b].map((list) => new Map(list.map((each) => [idOf(each), each]))) as [
    Map<string, T>,
    Map<string, T>,
  ];
  return [...new Set([...inA.keys(), ...inB.keys()])].map((id) => ({ id, a: inA.get(id), b: inB.get(id) }));
}
