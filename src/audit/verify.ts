import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { excerpt } from '../claim/excerpt.ts';
import { findingsOf, type Findings } from '../comparison/findings.ts';
import { EvidenceError, messageOf, RefigureError } from '../core/errors.ts';
import { fileSha256, sha256 } from '../core/hash.ts';
import type { OutputRest } from '../evidence/cut-output.ts';
import { isCapture } from '../evidence/digest.ts';
import { layout } from '../evidence/layout.ts';
import { openRun, type Evidence } from '../evidence/open.ts';
import { listFiles } from '../evidence/writer.ts';
import { languages, type Language } from '../report/language.ts';
import { renderReport } from '../report/render.ts';
import { verdictsFile } from '../report/write-report.ts';
import { studyDigest } from '../study/digest.ts';

/** What an audit found: sound, or the first thing that is off and the file that it is in. */
export type AuditResult =
  | {
      readonly state: 'sound';
      readonly files: number;
      readonly languages: readonly Language[];
      /** null: no other run could have the same (src/evidence/digest.ts). */
      readonly digests: { readonly run: string; readonly study: string } | null;
    }
  | OffResult;

interface Off {
  readonly file: string;
  readonly what: string;
}

type OffResult = { readonly state: 'off' } & Off;

const manifestSchema = z.strictObject({
  format: z.literal(1),
  algorithm: z.literal('SHA-256'),
  files: z.record(z.string(), z.string()),
});

/**
 * Checks a saved run from the bottom up: the checksums of the evidence, the captures against the journals, the verdicts
 * against the captures, the reports and the recordings against new ones, byte for byte. Rejects with EvidenceError where
 * there is no run at all.
 */
export async function verifyRun(path: string): Promise<AuditResult> {
  const audit = await verifyEvidence(path);
  if (audit.state === 'off') return audit;
  const { evidence, files, present } = audit;
  const folder = resolve(path);
  const findings = findingsOf(evidence);
  const found =
    (await checkVerdicts(folder, findings)) ??
    (await checkReports(folder, findings, present)) ??
    (await checkRecordings(folder, findings, present));
  if (found !== null) return { state: 'off', ...found };
  const { digest, loaded } = evidence;
  return {
    state: 'sound',
    files,
    languages,
    digests: digest === null ? null : { run: digest, study: studyDigest(loaded.files) },
  };
}

/** What an audit of the evidence alone found; another version of Refigure may make another report of it. */
export type EvidenceAudit =
  | {
      readonly state: 'sound';
      readonly evidence: Evidence;
      /** How many the manifest has. */
      readonly files: number;
      /** All files of the folder. */
      readonly present: readonly string[];
    }
  | OffResult;

/** The first half of `verifyRun`: the checksums of the evidence, and the captures against the journals. */
export async function verifyEvidence(path: string): Promise<EvidenceAudit> {
  const folder = resolve(path);
  const off = (file: string, what: string): OffResult => ({ state: 'off', file, what });
  const present = listRun(folder, path);
  const manifest = await readManifest(folder);
  if ('what' in manifest) return off(manifest.file, manifest.what);
  const damaged = await checkFiles(folder, manifest, present);
  if (damaged !== null) return off(damaged.file, damaged.what);

  const evidence = await openRun(folder).catch((error: unknown) => {
    if (error instanceof RefigureError) return error;
    throw error;
  });
  // All checksums are right, so the manifest was made over something that is no run.
  if (evidence instanceof RefigureError) return off(layout.run, evidence.message);
  const found = await checkCaptures(folder, evidence, present, manifest);
  return found === null ? { state: 'sound', evidence, files: manifest.size, present } : off(found.file, found.what);
}

/** The files of the folder. */
function listRun(folder: string, shown: string): string[] {
  try {
    const present = listFiles(folder);
    if (present.includes(layout.run) || present.includes(layout.manifest)) return present;
  } catch (error) {
    throw new EvidenceError(`There is no run at ${shown}: ${messageOf(error)}`, noRunHint, { cause: error });
  }
  throw new EvidenceError(`${shown} holds no run: neither ${layout.run} nor ${layout.manifest} is there.`, noRunHint);
}

const noRunHint = 'Name the folder of a run, as `refigure run` prints it.';

async function readManifest(folder: string): Promise<Map<string, string> | Off> {
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, layout.manifest), 'utf8')));
    return new Map(Object.entries(manifest.files));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return {
      file: layout.manifest,
      what: missing
        ? 'it is missing, as after a run that was killed; so nothing can be checked'
        : `it cannot be read: ${firstLine(messageOf(error))}`,
    };
  }
}

async function checkFiles(
  folder: string,
  checksums: ReadonlyMap<string, string>,
  present: readonly string[],
): Promise<Off | null> {
  for (const [file, expected] of checksums) {
    const actual = await fileSha256(join(folder, file)).catch(() => null);
    if (actual === null) return { file, what: 'it is in the manifest and cannot be read' };
    if (actual !== expected) return { file, what: `its SHA-256 is ${actual}, and the manifest says ${expected}` };
  }
  const unlisted = present.find((file) => !checksums.has(file) && !isDerived(file));
  return unlisted === undefined ? null : { file: unlisted, what: 'it is not in the manifest' };
}

/** Made from the evidence, or the manifest itself. */
function isDerived(file: string): boolean {
  const reports = languages.flatMap((language) => [layout.report(language), layout.page(language)]);
  const single: string[] = [layout.manifest, layout.verdicts, ...reports];
  return single.includes(file) || [layout.figures, layout.recordings].some((place) => file.startsWith(`${place}/`));
}

/** `checksums`: of the files as they are; that they are what the manifest says was checked before. */
async function checkCaptures(
  folder: string,
  evidence: Evidence,
  present: readonly string[],
  checksums: ReadonlyMap<string, string>,
): Promise<Off | null> {
  const rest = new Set(present.filter(isCapture));
  for (const { file, output, rest: unheld } of savedOutputs(evidence)) {
    rest.delete(file);
    const actual = checksums.get(file);
    if (actual === undefined) return { file, what: 'it is missing, and the journal says that its command ran' };
    if (actual !== (unheld?.sha256 ?? sha256(output))) {
      const at = await placeOfDifference(join(folder, file), output);
      return { file: `${file}:${at}`, what: 'it is not what the journal says that the command printed' };
    }
  }
  const [unexplained] = rest;
  return unexplained === undefined ? null : { file: unexplained, what: 'no command in the journals printed it' };
}

interface SavedOutput {
  readonly file: string;
  readonly output: Buffer;
  readonly rest: OutputRest | null;
}

/** What the journals say that the captures hold. */
function savedOutputs(evidence: Evidence): SavedOutput[] {
  return [...evidence.captures.values()].flatMap(({ name, command }): SavedOutput[] => {
    if (command === null) return [];
    const { output, rest, errorOutput, errorRest } = command;
    const both = { file: layout.capture(name), output, rest };
    if (errorOutput === null) return [both];
    return [both, { file: layout.captureErrors(name), output: errorOutput, rest: errorRest }];
  });
}

/** The line; of a huge output, whose beginning alone is at hand, the first one after that where that is alike. */
async function placeOfDifference(path: string, beginning: Buffer): Promise<number> {
  const saved = await readBeginning(path, beginning.length + 1);
  return firstDifference(saved.toString('latin1').split('\n'), beginning.toString('latin1').split('\n'));
}

async function readBeginning(path: string, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of createReadStream(path, { end: bytes - 1 })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function checkVerdicts(folder: string, findings: Findings): Promise<Off | null> {
  return checkMade(folder, new Map([[layout.verdicts, verdictsFile(findings)]]), 'judging again');
}

async function checkReports(folder: string, findings: Findings, present: readonly string[]): Promise<Off | null> {
  const pictures = new Set(present.filter((file) => file.startsWith(`${layout.figures}/`)));
  for (const language of languages) {
    const { files } = await renderReport(findings, language);
    const off = await checkMade(folder, files, 'rendering it again');
    if (off !== null) return off;
    for (const file of files.keys()) pictures.delete(file);
  }
  const [unexplained] = pictures;
  return unexplained === undefined ? null : { file: unexplained, what: 'no report shows it' };
}

async function checkRecordings(folder: string, findings: Findings, present: readonly string[]): Promise<Off | null> {
  const files = findings.recordings();
  const off = await checkMade(folder, files, 'making it again');
  if (off !== null) return off;
  const unexplained = present.find((file) => file.startsWith(`${layout.recordings}/`) && !files.has(file));
  return unexplained === undefined ? null : { file: unexplained, what: 'no experiment was recorded so' };
}

async function checkMade(folder: string, files: ReadonlyMap<string, string>, how: string): Promise<Off | null> {
  for (const [file, expected] of files) {
    const saved = await readFile(join(folder, file), 'utf8').catch(() => null);
    const off = compare(file, saved, expected, how);
    if (off !== null) return off;
  }
  return null;
}

function compare(file: string, saved: string | null, expected: string, how: string): Off | null {
  if (saved === null) return { file, what: 'it is missing; `refigure report` makes it' };
  if (saved === expected) return null;
  const [savedLines, expectedLines] = [saved.split('\n'), expected.split('\n')];
  const line = firstDifference(savedLines, expectedLines);
  const quote = (lines: readonly string[]): string => excerpt(lines[line - 1] ?? '(nothing)', quotedCharacters);
  return {
    file: `${file}:${line}`,
    what: `${how} gives '${quote(expectedLines)}', and the file has '${quote(savedLines)}'`,
  };
}

/** How much of a line is quoted. */
const quotedCharacters = 200;

/** The number, from 1, of the first line that differs; of the first that one of them lacks where there is none. */
function firstDifference(a: readonly string[], b: readonly string[]): number {
  const index = b.findIndex((line, at) => line !== a[at]);
  return (index < 0 ? b.length : index) + 1;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
