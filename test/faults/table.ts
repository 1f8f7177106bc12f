import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { faults } from './faults.ts';
import type { Fault } from './fault.ts';
import { phases } from './phases.ts';
import type { Trial } from './trial.ts';

/** One row of the table: what came of a fault, by phase. */
export interface Row {
  readonly fault: Fault;
  /** By phase, and by `nextRun`. */
  readonly cells: ReadonlyMap<string, Trial>;
}

/** The column of what came after the faults of a row. */
export const nextRun = 'next run';
const columns = [...phases.map(({ id }) => id), nextRun];

const document = packagePath('docs/reliability.md');
const [begin, end] = ['<!-- faults: made by npm run faults -->', '<!-- end of faults -->'];

/** Puts a row into the table of the document. Other rows stay, and so do cells of the same fault that were not tried now. */
export async function writeRow(row: Row): Promise<void> {
  const text = await readFile(document, 'utf8');
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${document} has no place for the table`);
  const lines = new Map(
    text
      .slice(start, stop)
      .split('\n')
      .map((line) => [line.split('|')[1]?.trim() ?? '', line] as const),
  );
  lines.set(row.fault.title, lineOf(row, lines.get(row.fault.title)));
  const table = [
    `| fault | ${columns.join(' | ')} | last tried |`,
    `|${' --- |'.repeat(columns.length + 2)}`,
    ...faults.flatMap(({ title }) => lines.get(title) ?? []),
  ].join('\n');
  const made = `${text.slice(0, start)}${begin}\n\n${table}\n\n${text.slice(stop)}`;
  await writeFile(document, await format(made, { parser: 'markdown', proseWrap: 'preserve' }));
}

function lineOf({ fault, cells }: Row, before = ''): string {
  const known = before.split('|').slice(2, -2);
  const date = new Date().toISOString().slice(0, 10);
  const told = columns.map((column, index) => {
    const trial = cells.get(column);
    return trial === undefined ? (known[index]?.trim() ?? '') : textOf(trial);
  });
  return `| ${fault.title} | ${told.join(' | ')} | ${date}, ${packageVersion} |`;
}

function textOf(trial: Trial): string {
  const status = trial.status === null ? 'killed' : String(trial.status);
  return trial.complaints.length === 0 ? status : `${status} ✗`;
}
