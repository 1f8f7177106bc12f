import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format } from 'prettier';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { loadStudy } from '../../src/study/load.ts';
import { verdictsOf } from '../determinism/virtual-run.ts';
import { rowsOf } from './table-rows.ts';

/**
 * `npm run seeds`: runs every study that ships with the seeds 1 to 10 in the embedded guest, the quick part of it where it
 * names one, and writes to docs/seeds.md in how many runs each claim is upheld. `npm run seeds -- NAME…` runs these studies
 * alone, and keeps what the page has of the others; `--whole` runs all of them. Status 1 where a claim is not upheld with
 * every seed.
 */
const seeds = Array.from({ length: 10 }, (_, before) => before + 1);
const document = packagePath('docs/seeds.md');
const { values, positionals } = parseArgs({ options: { whole: { type: 'boolean' } }, allowPositionals: true });
const all = readdirSync(packagePath('experiments'));
const base = await mkdtemp(join(tmpdir(), 'refigure-seeds-'));
const run = promisify(execFile);

/** A run of a study with a seed: the claims that it examined and that can be decided there, by their states. */
async function verdicts(study: string, part: readonly string[], seed: number): Promise<[string, string][]> {
  const folder = join(base, `${study}-${seed}`);
  const words = ['--import', './src/from-source.mjs', 'src/cli.ts', 'run', `experiments/${study}`, ...part];
  const asked = ['--guest', 'embedded', '--clock', 'virtual', '--seed', String(seed), '--out', folder, '--quiet'];
  // Its status is 1 where a claim is not upheld: the verdicts tell that.
  await run(process.execPath, [...words, ...asked], { cwd: packagePath('.') }).catch(() => undefined);
  return Object.entries(await verdictsOf(folder)).filter(([, state]) => !['skipped', 'as expected'].includes(state));
}

/** A line of the page's table. */
async function rowOf(study: string): Promise<string> {
  const { study: loaded } = await loadStudy(packagePath(`experiments/${study}`));
  const isPart = loaded.quick !== undefined && values.whole !== true;
  const upheld = new Map<string, number[]>();
  for (const seed of seeds) {
    const found = await verdicts(study, isPart ? ['--quick'] : [], seed);
    for (const [claim, state] of found) {
      upheld.set(claim, [...(upheld.get(claim) ?? []), ...(state === 'upheld' ? [seed] : [])]);
    }
    process.stdout.write(`${study}, seed ${seed}: ${found.map((each) => each.join(' ')).join(', ')}\n`);
  }
  const others = [...upheld].filter(([, those]) => those.length < seeds.length);
  if (others.length > 0) process.exitCode = 1;
  const told = others
    .map(([claim, those]) => `\`${claim}\` in ${those.length} (${those.join(', ') || 'none'})`)
    .join('; ');
  return `| ${study} | ${isPart ? 'quick' : 'whole'} | ${upheld.size} | ${upheld.size - others.length} | ${told || 'none'} |`;
}

try {
  const asked = positionals.length === 0 ? all : positionals;
  const before = await readFile(document, 'utf8').catch(() => '');
  const rows: string[] = [];
  for (const study of all) rows.push(...(asked.includes(study) ? [await rowOf(study)] : rowsOf(before, study)));
  const text = `# Ten seeds

Another seed is an independent repeat. \`npm run seeds\` runs every study that ships with the seeds ${seeds[0]} to ${seeds.at(-1)} in
\`embedded\`, and makes this page; \`npm run seeds -- NAME\` does that for one study. Of a study that says what is quick that part runs
(\`--quick\`), and the other claims are not examined; with \`--whole\` all of it runs.

- Made: ${new Date().toISOString().slice(0, 10)}, by Refigure ${packageVersion}

| study | part | claims examined | upheld with every seed | the others: with how many seeds upheld, and with which |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  await writeFile(document, await format(text, { parser: 'markdown', proseWrap: 'preserve' }));
} finally {
  await rm(base, { recursive: true, force: true });
}
