import { readFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { adoptFigure, type NotAdopted } from '../comparison/adopt.ts';
import { findingsOf, type Findings } from '../comparison/findings.ts';
import { EvidenceError, exitStatus, HostError, messageOf, UsageError } from '../core/errors.ts';
import { replaceFile } from '../core/replace-file.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { digestedFiles } from '../evidence/digest.ts';
import { openRun } from '../evidence/open.ts';
import { translator } from '../report/language.ts';
import { plainMarkup, sayReason } from '../report/say.ts';
import { addShows } from '../study/add-shows.ts';
import { digestOf } from '../study/digest.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Figure } from '../study/schema.ts';
import { suggest } from '../study/suggest.ts';
import { loadCheckedStudy } from './checked-study.ts';

export interface AdoptOptions {
  readonly study: string;
}

type Shows = NonNullable<Figure['shows']>;

/**
 * Writes what a run showed into the figures of a study that say nothing of what they show: of all of them, or of those that
 * are named. The status is 1 where one that was named, or every one, could not be given it.
 */
export async function adoptCommand(run: string, named: readonly string[], { study }: AdoptOptions): Promise<number> {
  const findings = findingsOf(await openRun(run));
  refuseRun(run, findings);
  const loaded = await loadCheckedStudy(study);
  const file = join(dirname(resolve(loaded.source.file)), loaded.files[0]?.path ?? '');
  refuseWithin(run, file);
  const figures = choose(named, loaded);
  const digest = findings.evidence.judged?.digest ?? digestOf(await digestedFiles(run));
  const adopted = new Map<string, Shows>();
  for (const figure of figures) {
    const shows = adoptFigure(figure, loaded.index, findings);
    if (!('kind' in shows)) adopted.set(figure.id, { origin: 'adopted', run: digest, ...shows });
    say(`figure ${figure.id}: ${'kind' in shows ? `not adopted: ${why(shows)}` : 'adopted'}`);
  }
  if (adopted.size > 0) await write(file, adopted);
  const isDone = named.length > 0 ? adopted.size === figures.length : adopted.size > 0;
  return isDone ? exitStatus.upheld : exitStatus.notUpheld;
}

/** What is adopted has to be what ran, as a whole. */
function refuseRun(run: string, { evidence: { record, altered } }: Findings): void {
  if (altered.length > 0) {
    throw new EvidenceError(
      `${run} is not as it was sealed. Since then these files were changed or removed: ${altered.join(', ')}.`,
      'Get the folder again from whoever made it.',
    );
  }
  if (record.state === 'complete') return;
  throw new EvidenceError(`The run ${run} is partial: nothing of it is adopted.`, 'Name a run that came to its end.');
}

function refuseWithin(run: string, file: string): void {
  if (!file.startsWith(`${resolve(run)}${sep}`)) return;
  throw new UsageError(
    `${file} is of the run itself, which stays as it is.`,
    'Name with --study the study that the run was made of, where you write it.',
  );
}

function choose(named: readonly string[], { study, index }: LoadedStudy): Figure[] {
  const without = study.figures.filter(({ shows }) => shows === undefined);
  if (named.length === 0) {
    if (without.length > 0) return without;
    throw new UsageError('Each figure of the study says already what it shows.', 'Nothing is to be adopted.');
  }
  return [...new Set(named)].map((id) => {
    const figure = index.figures.get(id);
    const known = [...index.figures.keys()];
    if (figure === undefined) {
      throw new UsageError(
        `The study has no figure '${id}'${suggest(id, known)}.`,
        lineOnTerminal(`Its figures: ${known.join(', ')}.`),
      );
    }
    if (figure.shows === undefined) return figure;
    throw new UsageError(
      `The figure ${id} says already what it shows, and that is never written over.`,
      'Take its `shows` away first, if what the run showed is to stand there.',
    );
  });
}

function why(reason: NotAdopted): string {
  switch (reason.kind) {
    case 'no-expectation':
      return 'nothing can be expected of a figure of its kind';
    case 'no-rule':
      return 'a curve is compared by a rule that only a person can choose; write `points` and `rule` in its `shows`';
    case 'other-source':
      return `'${reason.name}' is of another command or step in the run; \`refigure judge\` makes a run of this study`;
    case 'not-observed':
      return sayReason(reason.reason, plainMarkup(translator('en'), 'en'));
    case 'not-expressible':
      return `what the run has as '${reason.name}' is empty, is no text, or cannot be said in \`shows\``;
  }
}

async function write(file: string, adopted: ReadonlyMap<string, Shows>): Promise<void> {
  const text = addShows(file, await readFile(file, 'utf8'), adopted);
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new HostError(`${file} cannot be written: ${messageOf(error)}`, 'Mend its permissions, then try again.', {
      cause: error,
    });
  }
}

function say(line: string): void {
  process.stdout.write(`${lineOnTerminal(line)}\n`);
}
