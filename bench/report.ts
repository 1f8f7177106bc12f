/**
 * `npm run bench:report [-- RUNS]`: what it takes to make the report and the figures of saved evidence, in a process of
 * its own, built (dist): the study's reference run; a run of 1,000 captures of 64 KiB; one with a capture of 50 MB. Medians
 * are what to quote. n = RUNS (default 5).
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { factsExperiment, layout } from '../src/evidence/layout.ts';
import { openRun } from '../src/evidence/open.ts';
import { EvidenceWriter } from '../src/evidence/writer.ts';
import { journalOf, type Written } from '../test/evidence/journals.ts';
import { makeStudy } from './made-study.ts';
import { describe, measure, pick, type Measurement } from './measure.ts';

const runs = Number(process.argv[2] ?? 5);
const reference = fileURLToPath(new URL('../reports/veth-pair/reference', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'refigure-bench-'));

await print('the reference run', await copyOf(reference));
await print('1,000 captures of 64 KiB', await madeRun('many', Array<number>(1000).fill(64 * 1024)));
await print('a capture of 50 MB', await madeRun('large', [50_000_000]));
await rm(folder, { recursive: true });

async function print(what: string, run: string): Promise<void> {
  const list: Measurement[] = [];
  for (let each = 0; each < runs; each += 1) {
    list.push(await measure(['dist/cli.js', 'report', run], () => false));
  }
  const seconds = describe(pick(list, 'wallS'), 2);
  const mebibytes = describe(pick(list, 'peakMiB'), 0);
  process.stdout.write(`${what.padEnd(28)} ${seconds} s, peak ${mebibytes} MiB (n = ${runs})\n`);
}

async function copyOf(run: string): Promise<string> {
  const copy = join(folder, 'reference');
  await cp(run, copy, { recursive: true });
  return copy;
}

/** The evidence of a run whose commands printed outputs of these sizes, as the runner would have saved it. */
async function madeRun(name: string, sizes: readonly number[]): Promise<string> {
  const commands = sizes.map((bytes, index) => `yes ${index} | head -c ${bytes}`);
  const study = await makeStudy(join(folder, `${name}-study`), commands);
  const run = join(folder, name);
  await mkdir(run);
  const writer = new EvidenceWriter(run);
  const { record, facts } = await openRun(reference);
  if (facts === null || record.guest === null) throw new Error('the reference run is not whole');
  writer.putRecord({ ...record, study: { id: 'growth', file: 'study.yaml', experiments: ['only'] } });
  await cp(study, join(run, layout.study), { recursive: true });
  await cp(join(reference, layout.journal(factsExperiment)), join(run, layout.journal(factsExperiment)));
  const steps = commands.map((text, index) => {
    return [`s${index}`, [{ text, output: Buffer.alloc(sizes[index] ?? 0, `${index}\n`) }]] as const;
  });
  const last = ['last', [{ text: 'ip netns list', output: '' }]] as const;
  writer.put(layout.journal('only'), journalOf(Object.fromEntries<readonly Written[]>([...steps, last])));
  writer.seal();
  return run;
}
