/**
 * `npm run soak [-- RUNS [RUNS]]`: runs of a study of one echo in the embedded guest, whose clock is virtual: so many in this
 * process, then so many in a process of their own each (200 and 200 where nothing is said). What a process holds, and what
 * lies in the temporary folder and in the cache, is told after a warm-up and at the end, and written to docs/soak.md. The
 * status is 1 where something is left, or where the memory in use has grown by more than a tenth and 16 MiB.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heldNow, heldRow, heldTitles, type Held } from './held.ts';
import { describe, measure } from './measure.ts';

const [here = 200, apart = 200] = process.argv.slice(2).map(Number);
const warmUp = 5;

const folder = await mkdtemp(join(tmpdir(), 'refigure-soak-'));
const places = { temporary: join(folder, 'tmp'), cache: join(folder, 'cache') };
const study = join(folder, 'study.yaml');
const out = join(folder, 'run');
for (const path of Object.values(places)) await mkdir(path);
await writeFile(
  study,
  `format: 2
id: soak
title: One echo
experiments:
  - id: echo
    commands: [{ run: echo hello, capture: said }]
claims:
  - { id: said, statement: It says hello, expect: said.text == "hello\\n" }
`,
);
Object.assign(process.env, { TMPDIR: places.temporary, TEMP: places.temporary, REFIGURE_CACHE: places.cache });
const { main } = await import('../src/commands/program.ts');

const words = ['run', study, '--guest', 'embedded', '--clock', 'virtual', '--quiet', '--out', out];

async function runHere(): Promise<void> {
  const status = await main([process.execPath, 'refigure', ...words]);
  if (status !== 0) throw new Error(`a run ended with ${status}`);
  await rm(out, { recursive: true });
}

/** Gives back the most memory that it held, in MiB. */
async function runApart(): Promise<number> {
  const { peakMiB } = await measure(['--import', './src/from-source.mjs', 'src/cli.ts', ...words], () => false);
  await rm(out, { recursive: true });
  return peakMiB;
}

type Left = 'descriptors' | 'threads' | 'children' | 'temporaryFiles' | 'cacheFiles' | 'cacheBytes';

function grown(before: Held, after: Held, keys: readonly Left[]): string[] {
  return keys.flatMap((key) =>
    after[key] === before[key] ? [] : [`${key}: ${String(before[key])} before, ${String(after[key])} after`],
  );
}

for (let run = 1; run <= warmUp; run += 1) await runHere();
const warm = heldNow(places);
for (let run = 1; run <= here; run += 1) await runHere();
const last = heldNow(places);
const peaks: number[] = [];
for (let run = 1; run <= apart; run += 1) peaks.push(await runApart());
const end = heldNow(places);
await rm(folder, { recursive: true });

const inUse = `memory in use: ${warm.heapMiB} MiB before, ${last.heapMiB} MiB after`;
const faults = [
  ...grown(warm, last, ['descriptors', 'threads', 'children', 'temporaryFiles', 'cacheFiles', 'cacheBytes']),
  ...(last.heapMiB > 1.1 * warm.heapMiB + 16 ? [inUse] : []),
  ...grown(last, end, ['children', 'temporaryFiles', 'cacheFiles', 'cacheBytes']),
];
const half = Math.ceil(peaks.length / 2);
await writeFile(
  new URL('../docs/soak.md', import.meta.url),
  `# Many runs, one after another

\`npm run soak -- ${here} ${apart}\` made this: ${warmUp + here} runs of a study of one echo in one process, then ${apart} in a process of
their own each, in the embedded guest with a virtual clock (Node ${process.version}, ${process.platform}). At the end nothing may be more than
after the first ${warmUp} runs, but the memory in use, which may have grown by a tenth and 16 MiB.

${heldTitles}
${heldRow(`one process, after ${warmUp} runs`, warm)}
${heldRow(`the same, after ${warmUp + here} runs`, last)}
${heldRow(`the same, after ${apart} processes more`, end)}

The most memory that a process of one run held: ${describe(peaks.slice(0, half), 0)} MiB in the first half, ${describe(peaks.slice(half), 0)} MiB in the second (median, least and most).

${faults.length === 0 ? 'Nothing was left.' : `Left: ${faults.join('; ')}.`}
`,
);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
