import { isBinary } from '../../evidence/binary.ts';
import { isCollectedId } from '../../study/collect.ts';
import { excerpt } from '../../claim/excerpt.ts';
import type { Decider } from '../../claim/judge.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';
import { layout } from '../../evidence/layout.ts';
import type { Evidence } from '../../evidence/open.ts';

/** A capture or a topology that a claim names, and what printed it. */
export interface Source {
  readonly kind: 'capture' | 'topology';
  readonly name: string;
  /** Relative to the run's folder; of a topology the journal in which the answers are that it was read from. */
  readonly file: string;
  readonly experiment: string;
  readonly step: string;
  /** null of a topology, which many commands showed, and of a capture whose command did not run. */
  readonly command: SourceCommand | null;
  /** The deciding lines and those around them, in order. */
  readonly lines: readonly SourceLine[];
  /** How many more lines decide than `lines` holds. */
  readonly moreLines: number;
}

export interface SourceCommand {
  readonly text: string;
  /** null: the run was cut off while it ran. */
  readonly end: RecordedCommand['end'];
}

export interface SourceLine {
  /** From 1. */
  readonly line: number;
  /** Cut to 500 characters. */
  readonly text: string;
  readonly decides: boolean;
}

/** How many deciding lines are shown, how many lines around each of them, and how much of a line. */
const shown = { deciding: 10, around: 1, characters: 500 } as const;

export function sourceOf(name: string, deciders: readonly Decider[], evidence: Evidence): Source {
  const { index } = evidence.loaded;
  const place = index.stepOf(name);
  const [experiment, step] = [place?.experiment.id ?? '', place?.step.id ?? ''];
  const capture = evidence.captures.get(name);
  if (capture === undefined) {
    const file = layout.journal(experiment);
    return { kind: 'topology', name, file, experiment, step, command: null, lines: [], moreLines: 0 };
  }
  const { command } = capture;
  const deciding = deciders.filter(({ observed }) => observed === name).flatMap(({ lines }) => lines);
  return {
    kind: 'capture',
    name,
    file: capture.file,
    experiment,
    step,
    command: command && { text: command.text, end: command.end },
    ...linesOf(command, deciding),
  };
}

function linesOf(command: RecordedCommand | null, deciding: readonly number[]): Pick<Source, 'lines' | 'moreLines'> {
  const isHidden = command !== null && isCollectedId(command.id) && isBinary(command.output);
  const chosen = isHidden ? [] : deciding.slice(0, shown.deciding);
  const all = command === null || chosen.length === 0 ? [] : command.output.toString('utf8').split('\n');
  if (all.at(-1) === '') all.pop();
  const wanted = new Set(chosen.flatMap((line) => neighbours(line)));
  const lines = [...wanted]
    .filter((line) => line >= 1 && line <= all.length)
    .sort((a, b) => a - b)
    .map((line) => ({
      line,
      text: excerpt(all[line - 1] ?? '', shown.characters),
      decides: deciding.includes(line),
    }));
  return { lines, moreLines: deciding.filter((line) => !wanted.has(line)).length };
}

function neighbours(line: number): number[] {
  return Array.from({ length: 2 * shown.around + 1 }, (_, index) => line - shown.around + index);
}
