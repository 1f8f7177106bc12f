import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { digestedFiles, digestOfRun } from '../determinism/digest.ts';

/**
 * `node --import tsx test/matrix/same-as-reference.ts RUN`: whether a run of the study that ships has the digest of the
 * committed one. Where it has not, status 1, and the first line that differs.
 */
const reference = packagePath('reports/veth-pair/reference');
const run = process.argv[2];
if (run === undefined) throw new Error('name the folder of a run');

const { record } = await openRun(reference);
const [expected, found] = [await digestOfRun(reference), await digestOfRun(run)];
process.stdout.write(`the reference run: ${expected}\nthis run:          ${found}\n`);
if (record.guest?.clock.kind !== 'virtual')
  fail("The reference run is by its host's clock: `npm run reference` makes another.");
else if (found !== expected) fail(await firstDifference(reference, run));

function fail(reason: string): void {
  process.stdout.write(`${reason}\n`);
  process.exitCode = 1;
}

async function firstDifference(expectedIn: string, foundIn: string): Promise<string> {
  const paths = [...new Set([...digestedFiles(expectedIn), ...digestedFiles(foundIn)])].sort();
  for (const path of paths) {
    const [theirs, ours] = await Promise.all([expectedIn, foundIn].map((folder) => linesOf(join(folder, path))));
    const length = Math.max(theirs?.length ?? 0, ours?.length ?? 0);
    for (let index = 0; index < length; index += 1) {
      const [wanted, got] = [theirs?.[index], ours?.[index]].map((line) => JSON.stringify(line ?? null));
      if (wanted !== got) return `${path}:${index + 1}\n  reference: ${wanted}\n  this run:  ${got}`;
    }
  }
  return 'The same files, by other names.';
}

async function linesOf(path: string): Promise<string[]> {
  const content = await readFile(path, 'latin1').catch(() => null);
  return content?.split('\n') ?? [];
}
