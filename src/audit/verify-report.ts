import { join } from 'node:path';
import { excerpt } from '../claim/excerpt.ts';
import type { Findings } from '../comparison/findings.ts';
import { layout } from '../evidence/layout.ts';
import { renderReport } from '../report/render.ts';
import { verdictsFile } from '../report/verdicts-file.ts';
import { lineOfDifference, type Off } from './off.ts';
import { readBeginning } from './read-beginning.ts';

/**
 * Makes all that is derived from a run again, and compares it byte for byte with what is there: `present`, the plain files
 * of its folder that are no evidence. null: it is the same.
 */
export async function verifyReport(
  folder: string,
  findings: Findings,
  present: readonly string[],
): Promise<Off | null> {
  const check = (files: ReadonlyMap<string, string>, how: string): Promise<Off | null> =>
    checkMade(folder, files, new Set(present), how);
  return (
    (await check(new Map([[layout.verdicts, verdictsFile(findings)]]), 'judging again')) ??
    (await checkReports(findings, present, check)) ??
    (await checkRecordings(findings, present, check))
  );
}

type Check = (files: ReadonlyMap<string, string>, how: string) => Promise<Off | null>;

async function checkReports(findings: Findings, present: readonly string[], check: Check): Promise<Off | null> {
  const pictures = new Set(present.filter((file) => file.startsWith(`${layout.figures}/`)));
  for (const language of findings.evidence.loaded.study.languages) {
    const { files } = await renderReport(findings, language);
    const off = await check(files, 'rendering it again');
    if (off !== null) return off;
    for (const file of files.keys()) pictures.delete(file);
  }
  const [unexplained] = pictures;
  return unexplained === undefined ? null : { file: unexplained, what: 'no report shows it' };
}

async function checkRecordings(findings: Findings, present: readonly string[], check: Check): Promise<Off | null> {
  const files = findings.recordings();
  const off = await check(files, 'making it again');
  if (off !== null) return off;
  const unexplained = present.find((file) => file.startsWith(`${layout.recordings}/`) && !files.has(file));
  return unexplained === undefined ? null : { file: unexplained, what: 'no experiment was recorded so' };
}

async function checkMade(
  folder: string,
  files: ReadonlyMap<string, string>,
  present: ReadonlySet<string>,
  how: string,
): Promise<Off | null> {
  for (const [file, text] of files) {
    if (!present.has(file)) return { file, what: 'it is missing; `refigure report` makes it' };
    const expected = Buffer.from(text);
    // More than is needed to see that it goes on, and to quote the line.
    const saved = await readBeginning(join(folder, file), expected.length + quotedBytes).catch(() => null);
    if (saved === null) return { file, what: 'it cannot be read' };
    if (!saved.equals(expected)) return difference(file, saved, expected, how);
  }
  return null;
}

function difference(file: string, saved: Buffer, expected: Buffer, how: string): Off {
  const line = lineOfDifference(linesOf(saved, 'latin1'), linesOf(expected, 'latin1'));
  const quote = (bytes: Buffer): string => excerpt(linesOf(bytes, 'utf8')[line - 1] ?? '(nothing)', quotedCharacters);
  return {
    file: `${file}:${line}`,
    what: `${how} gives '${quote(expected)}', and the file has '${quote(saved)}'`,
  };
}

function linesOf(bytes: Buffer, encoding: BufferEncoding): string[] {
  return bytes.toString(encoding).split('\n');
}

/** How much of a line is quoted. */
const quotedCharacters = 200;
const quotedBytes = 4 * quotedCharacters;
