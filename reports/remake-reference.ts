import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main } from '../src/commands/program.ts';
import { packagePath } from '../src/core/package.ts';
import { openRun } from '../src/evidence/open.ts';

/**
 * `npm run reference`: makes the run that the README shows again, with nothing but Node, and puts it in the old one's place.
 * `npm run reference -- NAME` does it for another study that ships.
 */
const first = 'veth-pair';
const [name = first] = process.argv.slice(2);
const study = packagePath(`experiments/${name}`);
const folder = packagePath(`reports/${name}`);
const [reference, made] = [join(folder, 'reference'), join(folder, 'reference.new')];

await rm(made, { recursive: true, force: true });
const asked = ['--guest', 'embedded', '--clock', 'virtual', '--cold', '--out', made];
const status = await main(['node', 'refigure', 'run', study, ...asked]);
if (status === 0) {
  await rm(reference, { recursive: true, force: true });
  await rename(made, reference);
  if (name === first) await tellDigest((await openRun(reference)).digest);
  process.stdout.write(`The reference run is made again: ${reference}\n`);
} else process.exitCode = status;

/** The README states the digest of the reference run. */
async function tellDigest(digest: string | null): Promise<void> {
  const path = packagePath('README.md');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^DIGEST \S+$/m, `DIGEST ${digest ?? 'none'}`));
}
