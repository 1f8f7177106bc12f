import { excerpt } from '../../claim/excerpt.ts';
import { statisticNames } from '../../claim/functions.ts';
import type { UndecidedReason, Verdict } from '../../claim/judge.ts';
import { numberText } from '../../core/number-text.ts';
import { isBinary } from '../../evidence/binary.ts';
import { layout } from '../../evidence/layout.ts';
import type { Capture } from '../../evidence/open.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { Claim } from '../../study/schema.ts';
import { workingOf, type Working } from '../working.ts';

/** One row of the table of claims. */
export interface ClaimRow {
  readonly claim: Claim;
  readonly state: Verdict['state'];
  readonly reason: UndecidedReason | null;
  readonly working: Working;
  readonly deciders: readonly ShownDecider[];
  /** How many captures and topologies it rests on besides. */
  readonly moreDeciders: number;
  /** How it is judged for each value of its parameters; null: it has none. */
  readonly cells: ClaimCells | null;
}

export interface ClaimCells {
  readonly parameters: readonly string[];
  readonly rows: readonly {
    readonly values: readonly string[];
    readonly state: Verdict['state'];
    readonly reason: UndecidedReason | null;
    readonly read: readonly string[];
  }[];
}

/** What a verdict rests on, with the words that it rests on; paths are relative to the run's folder. */
export type ShownDecider =
  | { readonly kind: 'topology'; readonly observed: string; readonly path: string }
  | {
      readonly kind: 'capture';
      readonly observed: string;
      readonly path: string;
      /** The first of the deciding lines, from 1; null for the capture as a whole. */
      readonly line: number | null;
      /** The first three of the lines, each cut to 200 characters. */
      readonly quotes: readonly string[];
      /** How many more there are. */
      readonly more: number;
    };

/** How many captures and topologies are named for a verdict. */
const shownDeciders = 8;
/** The same where a table has the verdict for each value. */
const shownOfCells = 3;
/** How many values are told of one cell. */
const shownValues = 4;
/** How many lines of one capture are quoted for a verdict; the link leads to all of them. */
const quotedLines = 3;
/** How much of a line is quoted. */
const quotedCharacters = 200;

export function claimRows({ evidence, verdicts }: Findings): ClaimRow[] {
  const { index } = evidence.loaded;
  const show = ({ observed, kind, lines }: Verdict['deciders'][number]): ShownDecider =>
    kind === 'topology'
      ? { kind, observed, path: layout.journal(index.topologies.get(observed)?.experiment.id ?? '') }
      : {
          kind,
          observed,
          path: evidence.captures.get(observed)?.file ?? layout.capture(observed),
          ...quoteOf(evidence.captures.get(observed), lines),
        };
  return verdicts.flatMap((verdict) => {
    const { state, reason, deciders } = verdict;
    const claim = index.claims.get(verdict.claim);
    if (claim === undefined) return [];
    const shown = deciders.slice(0, verdict.cells === undefined ? shownDeciders : shownOfCells);
    return [
      {
        claim,
        state,
        reason,
        working: workingOf(verdict),
        deciders: shown.map(show),
        moreDeciders: deciders.length - shown.length,
        cells: cellsOf(claim, verdict),
      },
    ];
  });
}

/** What is computed of several values, as a median, says more of a cell than each of them. */
function cellsOf({ for: parameters = [] }: Claim, { cells }: Verdict): ClaimCells | null {
  if (cells === undefined) return null;
  const rows = cells.map(({ parameters: of, state, reason, values }) => {
    const computed = values.filter(({ path }) => statisticNames.has(/^(\w+)\(/.exec(path)?.[1] ?? ''));
    const read = (computed.length > 0 ? computed : values).slice(0, shownValues);
    return {
      values: parameters.map((name) => String(of[name])),
      state,
      reason,
      read: read.map(
        ({ path, value }) => `${path} = ${typeof value === 'number' ? numberText(value) : JSON.stringify(value)}`,
      ),
    };
  });
  return { parameters, rows };
}

/** A file that is no text has no lines to quote. */
function quoteOf(capture: Capture | undefined, lines: readonly number[]): ReturnType<typeof quote> {
  const output = capture?.command?.output ?? Buffer.alloc(0);
  return capture?.collected != null && isBinary(output) ? quote('', []) : quote(output.toString('utf8'), lines);
}

function quote(output: string, lines: readonly number[]): { line: number | null; quotes: string[]; more: number } {
  const text = output.split('\n');
  return {
    line: lines[0] ?? null,
    quotes: lines.slice(0, quotedLines).map((line) => excerpt((text[line - 1] ?? '').trim(), quotedCharacters)),
    more: Math.max(0, lines.length - quotedLines),
  };
}
