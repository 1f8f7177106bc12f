import { excerpt } from '../../claim/excerpt.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { Failure, Omission } from '../../evidence/failures.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';
import { layout } from '../../evidence/layout.ts';
import type { Ending } from '../../study/expected-exits.ts';
import type { Step } from '../../study/schema.ts';

/** A command that ended otherwise than the study expects, as a report lists it. */
export interface FailureRow {
  /** The experiment's id, and the paper's section that it is of. */
  readonly experiment: string;
  readonly section: string;
  /** Of the step, from 1. */
  readonly number: number;
  readonly step: Step;
  readonly command: string;
  readonly ending: Ending;
  readonly expected: Failure['expected'];
  /** The last line that it printed and that is not blank; null where there is none. */
  readonly lastLine: string | null;
  /** The journal that has it, relative to the run's folder. */
  readonly journal: string;
}

/** How much of a line is quoted. */
const quotedCharacters = 200;

export function failureRows({ failures }: Findings): FailureRow[] {
  return failures.map(({ step: { experiment, step, number }, command, ending, expected }) => ({
    experiment: experiment.id,
    section: experiment.section ?? experiment.id,
    number,
    step,
    command: command.text,
    ending,
    expected,
    lastLine: lastLineOf(command),
    journal: layout.journal(experiment.id),
  }));
}

function lastLineOf({ output, rest, errorOutput, errorRest }: RecordedCommand): string | null {
  const ends = [errorRest?.tail ?? errorOutput, rest?.tail ?? output];
  const lines = ends.flatMap((bytes) => bytes?.toString('utf8').split('\n').reverse() ?? []);
  const last = lines.find((line) => line.trim() !== '');
  return last === undefined ? null : excerpt(last.trim(), quotedCharacters);
}

/** What of a step did not run. */
export interface OmissionRow {
  readonly texts: readonly string[];
  /** The command with which the step ended, and how; null: none ran. */
  readonly after: { readonly command: string; readonly ending: Ending | null } | null;
}

export function omissionRow(omissions: readonly Omission[], experiment: string, step: string): OmissionRow | null {
  const found = omissions.find((each) => each.step.experiment.id === experiment && each.step.step.id === step);
  if (found === undefined) return null;
  const { texts, after } = found;
  return { texts, after: after === null ? null : { command: after.text, ending: after.end } };
}
