import stringWidth from 'string-width';
import { showHidden, withoutControls } from './terminal-text.ts';

/** Where in a study's file something is wrong; line and column count from 1. */
export interface StudyProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The line as it stands, and how many of its characters from `column` on are meant; for what is about a whole file, none. */
  readonly excerpt?: { readonly text: string; readonly length: number };
}

/** How much of a long line is shown. */
const shownCharacters = 120;
/** Of it in front of the place that is meant. */
const shownBefore = 60;

/** `study.yaml:33:12: …`, and below it the line with a mark under what is meant, as compilers show it. */
export function problemText({ file, line, column, message, excerpt }: StudyProblem): string {
  const said = `${file}:${line}:${column}: ${message}`;
  if (excerpt === undefined || excerpt.text.trim() === '') return said;
  const from = Math.max(0, column - 1 - shownBefore);
  const to = from + shownCharacters;
  const piece = (start: number, end: number): string =>
    showHidden(withoutControls(excerpt.text.slice(start, end).replaceAll('\t', ' ')));
  const [cutBefore, cutAfter] = [from > 0 ? '…' : '', to < excerpt.text.length ? '…' : ''];
  const before = cutBefore + piece(from, column - 1);
  const meant = piece(column - 1, Math.min(to, column - 1 + Math.max(1, excerpt.length)));
  const number = String(line);
  const margin = ' '.repeat(number.length);
  const marks = ' '.repeat(stringWidth(before)) + '^'.repeat(Math.max(1, stringWidth(meant)));
  return `${said}\n  ${number} | ${cutBefore}${piece(from, to)}${cutAfter}\n  ${margin} | ${marks}`;
}
