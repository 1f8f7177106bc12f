import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EvidenceError, messageOf } from '../core/errors.ts';
import { parseKnownKeys } from '../core/known-keys.ts';
import { packageVersion } from '../core/package.ts';
import { layout } from './layout.ts';

// Evidence is read by its schema alone, and may be of another version of Refigure than this one.

/** What a reader needs to know of a file of JSON. */
export interface SavedForm<Schema extends z.ZodType> {
  /** By its path, for messages. */
  readonly file: string;
  readonly schema: Schema;
  /** The newest that this version of Refigure reads; formats are numbered from 1. */
  readonly newestFormat: number;
  /** Which version made it; null where that is not known. */
  readonly madeBy: string | null;
}

/**
 * A file's content as its schema has it; keys of a newer version are passed over. Throws EvidenceError with the path of the
 * key that is wrong, or with the version that is needed where the format is a newer one.
 */
export function parseSaved<Schema extends z.ZodType>(form: SavedForm<Schema>, value: unknown): z.output<Schema> {
  refuseNewerFormat(form, formatOf(value));
  const parsed = parseKnownKeys(form.schema, value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  throw new EvidenceError(
    `${form.file} cannot be read: ${key}${issue === undefined ? parsed.error.message : describe(issue)}.`,
    hintFor(form.madeBy),
    { cause: parsed.error },
  );
}

/** Throws EvidenceError where the format of a file is newer than what is read here. */
export function refuseNewerFormat(
  { file, newestFormat, madeBy }: Omit<SavedForm<z.ZodType>, 'schema'>,
  format: number | null,
): void {
  if (format === null || format <= newestFormat) return;
  const by = madeBy === null ? 'a newer Refigure' : `Refigure ${madeBy}`;
  throw new EvidenceError(
    `${file} was made by ${by} (format ${format}); this one, ${packageVersion}, reads ${formatsUpTo(newestFormat)}.`,
    'Use that version or a later one.',
  );
}

function formatsUpTo(newest: number): string {
  return newest === 1 ? 'format 1' : `formats 1 to ${newest}`;
}

function formatOf(value: unknown): number | null {
  const parsed = z.looseObject({ format: z.int() }).safeParse(value);
  return parsed.success ? parsed.data.format : null;
}

/** Which version a record says that it is of, whatever else it says; null where it says none. */
export function versionIn(record: unknown): string | null {
  const version = z.string().regex(/^\d[\w.+-]{0,63}$/);
  const parsed = z.looseObject({ host: z.looseObject({ refigure: version }) }).safeParse(record);
  return parsed.success ? parsed.data.host.refigure : null;
}

/** The same of a run's folder; null also where the record cannot be read. */
export async function versionThatRan(folder: string): Promise<string | null> {
  try {
    return versionIn(JSON.parse(await readFile(join(folder, layout.run), 'utf8')));
  } catch {
    return null; // whoever reads the record itself says what is wrong with it
  }
}

/** Throws EvidenceError where the text is no JSON. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EvidenceError(`${file} cannot be read: it is no JSON: ${messageOf(error)}.`, damagedHint, {
      cause: error,
    });
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const missing = (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;
  return missing ? 'this key is missing' : issue.message;
}

const damagedHint = '`refigure verify` names what is off.';

/** What to do about something that cannot be read. `madeBy`: the version of Refigure, where it is known. */
export function hintFor(madeBy: string | null): string {
  if (madeBy === null || madeBy === packageVersion) return damagedHint;
  return `It was made by Refigure ${madeBy}, and this is ${packageVersion}: try that version. ${damagedHint}`;
}
