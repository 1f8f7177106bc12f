import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EvidenceError, messageOf } from '../core/errors.ts';
import { layout } from './layout.ts';
import { studySchema } from './run-record.ts';
import { parseJson, parseSaved } from './saved-json.ts';

const schema = z.strictObject({
  format: z.literal(1),
  /** The version of Refigure that made the folder. */
  refigure: z.string(),
  /** The study that is in the folder, as `study` of run.json tells of one. Experiments that the run never had count as asked for. */
  study: studySchema,
  ran: z.strictObject({
    /** SHA-256 of each file of the study that ran, by its path in the study's folder. */
    files: z.record(z.string(), z.string()),
    /** Experiments of that study that were not asked for. */
    unasked: z.array(z.string()).readonly(),
    /** Of the run's journals and captures (digest.ts); null where there is none. */
    digest: z.string().nullable(),
  }),
});

/**
 * `judged.json`: the study in the folder is another one than ran. All else of the evidence is of the run: run.json and the
 * journals byte for byte, and the captures made anew from the journals under the names that this study gives.
 */
export type JudgedRecord = z.infer<typeof schema>;

export function judgedText(record: JudgedRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** null: the study is the one that ran. Rejects with EvidenceError where the file cannot be read. */
export async function readJudged(folder: string): Promise<JudgedRecord | null> {
  const file = join(folder, layout.judged);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new EvidenceError(`${file} cannot be read: ${messageOf(error)}.`, 'Get the folder again.', { cause: error });
  });
  if (text === null) return null;
  const value = parseJson(file, text);
  const made = z.looseObject({ refigure: z.string().regex(/^\d[\w.+-]{0,63}$/) }).safeParse(value);
  return parseSaved({ file, schema, newestFormat: 1, madeBy: made.success ? made.data.refigure : null }, value);
}
