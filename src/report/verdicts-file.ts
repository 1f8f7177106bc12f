import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Findings } from '../comparison/findings.ts';
import { packageVersion } from '../core/package.ts';
import { layout } from '../evidence/layout.ts';

/**
 * `verdicts.json`: the verdicts on claims and figures, for programs; by which clock, and the digest where there is one. It
 * says which version of Refigure made it, and the reports beside it; which files of the evidence were altered; and `judged`,
 * where the study is not the one that ran: what did run.
 */
export function verdictsFile({ evidence, verdicts, figures }: Findings): string {
  const { record, digest, altered, judged } = evidence;
  const clock = record.guest?.clock.kind ?? null;
  const of = { altered, ...(judged === null ? {} : { judged }) };
  const content = { format: 1, refigure: packageVersion, ...of, clock, digest, verdicts, figures };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const madeBySchema = z.looseObject({ refigure: z.string().regex(/^\d[\w.+-]{0,63}$/) });

/** Which version of Refigure made the report of a run; null where its verdicts do not say, or are not there. */
export async function versionThatReported(folder: string): Promise<string | null> {
  try {
    const verdicts: unknown = JSON.parse(await readFile(join(folder, layout.verdicts), 'utf8'));
    const parsed = madeBySchema.safeParse(verdicts);
    return parsed.success ? parsed.data.refigure : null;
  } catch {
    return null; // what is wrong with the file is told where it is compared
  }
}
