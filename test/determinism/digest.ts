import { runDigest } from '../../src/evidence/digest.ts';
import { openRun } from '../../src/evidence/open.ts';

/** The digest of a whole run in virtual time. */
export async function digestOfRun(folder: string): Promise<string> {
  const digest = await runDigest(folder, (await openRun(folder)).record);
  if (digest === null) throw new Error(`${folder} has no digest`);
  return digest;
}
