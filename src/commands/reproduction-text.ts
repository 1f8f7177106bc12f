import type { QuotedLine } from '../audit/first-difference.ts';
import type { Difference, Reproduction, Tally } from '../audit/reproduction.ts';
import { jsonLine } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { Comparison } from './reproduce.ts';

/** How a run came out that was run again, for a terminal; `path`: of the recorded run, as the user named it. */
export function reproductionText(path: string, comparison: Comparison): string {
  const { recorded, again, folder } = comparison;
  const where = `The new run is in ${folder}.\n`;
  if (comparison.clock === 'real') return `${comparison.diff.markdown}\n${where}`;
  const { reproduction } = comparison;
  const { captures, journals, difference, digests } = reproduction;
  if (difference === null) {
    const all = `${tallyText(captures, 'captures')} and ${tallyText(journals, 'journals')}`;
    return `${path}: reproduced to the byte: ${all}.\nThe digest of both runs: ${digests.recorded}\n${where}`;
  }
  return [
    `${path}: not reproduced: ${tallyText(captures, 'captures')} and ${tallyText(journals, 'journals')} are the same.\n`,
    differenceText(difference),
    versionText(recorded.record.host, again.record.host),
    where,
  ].join('');
}

/** The same as a line of JSON. */
export function reproductionJson(comparison: Comparison): string {
  const { clock, folder } = comparison;
  const result =
    comparison.clock === 'real'
      ? { differs: comparison.diff.differs, comparison: comparison.diff.comparison }
      : { differs: comparison.reproduction.difference !== null, ...comparison.reproduction };
  return jsonLine({ kind: 'reproduction', format: 1, clock, folder, ...result });
}

function tallyText({ same, all }: Tally, what: string): string {
  return `${same} of ${all} ${what}`;
}

function differenceText(difference: NonNullable<Reproduction['difference']>): string {
  const file = lineOnTerminal(difference.file);
  return `The first difference is ${placeText(difference, file)}\n`;
}

function placeText(difference: Difference, file: string): string {
  switch (difference.kind) {
    case 'missing':
      return `that the new run has no ${file}.`;
    case 'extra':
      return `that the new run alone has ${file}.`;
    case 'line':
      return `in line ${difference.line} of ${file}:\n  recorded: ${lineText(difference.a)}\n  again:    ${lineText(difference.b)}`;
  }
}

function lineText(line: QuotedLine): string {
  if (line.state === 'none') return '(the file ends before this line)';
  const [before, behind] = line.cut.map((isCut) => (isCut ? '…' : ''));
  return `'${before ?? ''}${line.text}${behind ?? ''}'${line.endsFile ? ' (without a line feed at its end)' : ''}`;
}

type Host = RunRecord['host'];

/** Another version may run a study otherwise; nothing where it is the same. */
function versionText(recorded: Host, again: Host): string {
  const [before, now] = [recorded, again].map(versionOf);
  if (before === now) return '';
  return `That may be due to Refigure: ${before ?? ''} recorded the run, and ${now ?? ''} ran it again.\n`;
}

function versionOf({ refigure, commit }: Host): string {
  const revision = commit === null ? '' : ` (${commit.id.slice(0, 12)}${commit.dirty ? '+' : ''})`;
  return lineOnTerminal(`${refigure}${revision}`);
}
