import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EvidenceError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import { layout } from '../evidence/layout.ts';
import { capturesOf, openRun, type Evidence } from '../evidence/open.ts';
import { listFiles } from '../evidence/writer.ts';
import { languages, type Language } from '../report/language.ts';
import { renderReport } from '../report/render.ts';
import { verdictsFile } from '../report/write-report.ts';

/** What an audit found: sound, or the first thing that is off and the file that it is in. */
export type AuditResult =
  | { readonly state: 'sound'; readonly files: number; readonly languages: readonly Language[] }
  | { readonly state: 'off'; readonly file: string; readonly what: string };

interface Off {
  readonly file: string;
  readonly what: string;
}

const manifestSchema = z.strictObject({
  format: z.literal(1),
  algorithm: z.literal('SHA-256'),
  files: z.record(z.string(), z.string()),
});

/**
 * Checks a saved run from the bottom up: the checksums of the evidence, the captures against the journals, the verdicts
 * against the captures, and each report against a new rendering, byte for byte.
 */
export async function verifyRun(folder: string): Promise<AuditResult> {
  const checksums = await readManifest(folder);
  const damaged = await checkFiles(folder, checksums);
  if (damaged !== null) return { state: 'off', ...damaged };

  const evidence = await openRun(folder);
  const off = (await checkCaptures(folder, evidence)) ?? (await checkVerdicts(folder, evidence));
  if (off !== null) return { state: 'off', ...off };

  const rendered: Language[] = [];
  for (const language of languages) {
    if (!listFiles(folder).includes(layout.report(language))) continue;
    const differing = await checkReport(folder, evidence, language);
    if (differing !== null) return { state: 'off', ...differing };
    rendered.push(language);
  }
  if (rendered.length === 0) return { state: 'off', file: layout.report('en'), what: 'there is no report' };
  return { state: 'sound', files: checksums.size, languages: rendered };
}

async function readManifest(folder: string): Promise<Map<string, string>> {
  const path = join(folder, layout.manifest);
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return new Map(Object.entries(manifest.files));
  } catch (error) {
    throw new EvidenceError(
      `${path} cannot be read: ${(error as Error).message}`,
      'Name the folder of a run that came to its end; a killed run has no manifest and cannot be verified.',
      { cause: error },
    );
  }
}

async function checkFiles(folder: string, checksums: ReadonlyMap<string, string>): Promise<Off | null> {
  for (const [file, expected] of checksums) {
    const content = await readFile(join(folder, file)).catch(() => null);
    if (content === null) return { file, what: 'it is in the manifest and cannot be read' };
    const actual = sha256(content);
    if (actual !== expected) return { file, what: `its SHA-256 is ${actual}, and the manifest says ${expected}` };
  }
  const unlisted = listFiles(folder).find((file) => !checksums.has(file) && !isDerived(file));
  return unlisted === undefined ? null : { file: unlisted, what: 'it is not in the manifest' };
}

/** Made from the evidence, or the manifest itself. */
function isDerived(file: string): boolean {
  const single: string[] = [layout.manifest, layout.verdicts, ...languages.map((language) => layout.report(language))];
  return single.includes(file) || file.startsWith(`${layout.figures}/`);
}

async function checkCaptures(folder: string, evidence: Evidence): Promise<Off | null> {
  for (const { id, command } of capturesOf(evidence)) {
    if (command === null) continue;
    const expected = [
      [layout.capture(id), command.output],
      ...(command.errorOutput === null ? [] : [[layout.captureErrors(id), command.errorOutput] as const]),
    ] as const;
    for (const [file, bytes] of expected) {
      const saved = await readFile(join(folder, file)).catch(() => null);
      if (saved?.equals(bytes) !== true)
        return { file, what: 'it is not what the journal says that the command printed' };
    }
  }
  return null;
}

async function checkVerdicts(folder: string, evidence: Evidence): Promise<Off | null> {
  const saved = await readFile(join(folder, layout.verdicts), 'utf8').catch(() => null);
  return compare(layout.verdicts, saved, verdictsFile(evidence), 'evaluating the claims again');
}

async function checkReport(folder: string, evidence: Evidence, language: Language): Promise<Off | null> {
  const { files } = await renderReport(evidence, language);
  for (const [file, expected] of files) {
    const saved = await readFile(join(folder, file), 'utf8').catch(() => null);
    const off = compare(file, saved, expected, 'rendering it again');
    if (off !== null) return off;
  }
  return null;
}

function compare(file: string, saved: string | null, expected: string, how: string): Off | null {
  if (saved === null) return { file, what: 'it is missing' };
  if (saved === expected) return null;
  const [savedLines, expectedLines] = [saved.split('\n'), expected.split('\n')];
  const index = expectedLines.findIndex((line, number) => line !== savedLines[number]);
  const line = (index < 0 ? expectedLines.length : index) + 1;
  return {
    file: `${file}:${line}`,
    what: `${how} gives '${expectedLines[line - 1] ?? '(nothing)'}', and the file has '${savedLines[line - 1] ?? '(nothing)'}'`,
  };
}
