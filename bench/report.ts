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
import { makeStudy } from './made-study.ts';
import { describe, measure, type Measurement } from './measure.ts';

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
  const seconds = describe(
    list.map(({ wallS }) => wallS),
    2,
  );
  const mebibytes = describe(
    list.map(({ peakMiB }) => peakMiB),
    0,
  );
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
  let mark = 0;
  const write = (text: string | Buffer): void => {
    writer.append(layout.journal('only'), Buffer.from(text));
  };
  const say = (words: string): void => {
    write(`\n#bench ${(mark += 1)} ${words}\n`);
  };
  write('refigure-journal 1 bench\n');
  const all = [...commands.map((text, index) => ({ text, step: `s${index}`, bytes: sizes[index] ?? 0 }))];
  for (const [index, { text, step, bytes }] of [...all, { text: 'ip netns list', step: 'last', bytes: 0 }].entries()) {
    say(`step ${step}`);
    say(`command ${index + 1}`);
    write(text);
    say(`run ${index + 1} ${index}.00`);
    write(Buffer.alloc(bytes, `${index}\n`));
    say(`end ${index + 1} ${index + 1}.00 0 exited`);
    say(`step-end ${step} 0`);
  }
  say(`done ${sizes.length}.00`);
  writer.seal();
  return run;
}
