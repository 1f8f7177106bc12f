import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format } from 'prettier';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { digestOfRun } from '../determinism/digest.ts';
import { verdictsOf } from '../determinism/virtual-run.ts';
import { rowsOf } from './table-rows.ts';

/**
 * `npm run studies`: runs every study that ships in both guests that have a virtual clock, and writes what came of it to
 * docs/studies.md. It takes some minutes for each. `npm run studies -- NAME…` runs these studies alone, and keeps what the page has of
 * the others. Status 1 where a claim is not upheld, or where something did not run.
 */
const guests = ['embedded', 'mini'] as const;
const document = packagePath('docs/studies.md');
/** Twenty times what the longest takes on a machine that has nothing else to do. */
const limitMs = 60 * 60_000;

interface Row {
  readonly study: string;
  readonly guest: string;
  /** Of the claims; null: it did not run, and `what` says why. */
  readonly upheld: string | null;
  readonly what: string;
}

const { positionals } = parseArgs({ allowPositionals: true });
const all = readdirSync(packagePath('experiments'));
const base = await mkdtemp(join(tmpdir(), 'refigure-studies-'));
const run = promisify(execFile);

async function runStudy(study: string, guest: string): Promise<Row> {
  const folder = join(base, `${study}-${guest}`);
  const words = ['--import', './src/from-source.mjs', 'src/cli.ts', 'run', `experiments/${study}`];
  const load = loadavg()[0] ?? 0;
  const startMs = performance.now();
  try {
    // Its status is 1 where a claim is not upheld: the verdicts tell that.
    await run(process.execPath, [...words, '--guest', guest, '--clock', 'virtual', '--out', folder, '--quiet'], {
      cwd: packagePath('.'),
      timeout: limitMs,
    }).catch(() => undefined);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    const states = Object.values(await verdictsOf(folder));
    const { experiments } = (await openRun(folder)).record.study;
    const upheld = states.filter((state) => state === 'upheld').length;
    const expected = states.filter((state) => state === 'as expected').length;
    const also = expected === 0 ? '' : `, ${expected} undecided as expected`;
    const what = `${experiments.length} | ${seconds} | ${load.toFixed(1)} | \`${await digestOfRun(folder)}\``;
    const told = upheld + expected === states.length ? `all ${upheld}${also}` : `${upheld} of ${states.length}${also}`;
    return { study, guest, upheld: told, what };
  } catch (error) {
    return { study, guest, upheld: null, what: error instanceof Error ? error.message : String(error) };
  }
}

function lineOf({ study, guest, upheld, what }: Row): string {
  return upheld === null
    ? `| ${study} | ${guest} | did not run: ${what} |`
    : `| ${study} | ${guest} | ${upheld} | ${what} |`;
}

try {
  const asked = positionals.length === 0 ? all : positionals;
  const before = await readFile(document, 'utf8').catch(() => '');
  const lines: string[] = [];
  for (const study of all) {
    if (!asked.includes(study)) {
      lines.push(...rowsOf(before, study));
      continue;
    }
    for (const guest of guests) {
      const row = await runStudy(study, guest);
      process.stdout.write(`${study} in ${guest}: ${row.upheld ?? 'did not run'}, ${row.what}\n`);
      lines.push(lineOf(row));
      if (row.upheld?.startsWith('all') !== true) process.exitCode = 1;
    }
  }
  const text = `# The studies that ship

Each in the two guests whose clock counts instructions. \`npm run studies\` makes this page again, and \`npm run studies -- NAME\` the
lines of one study. A run of an experiment with
parameters has a guest of its own.

A study of the kernel's own selftests does not ship; [kselftest.md](kselftest.md) tells what came of it.

- Made: ${new Date().toISOString().slice(0, 10)}, by Refigure ${packageVersion}

| study | guest | claims upheld | runs | seconds | load of the host | digest of the run |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
  await writeFile(document, await format(text, { parser: 'markdown', proseWrap: 'preserve' }));
} finally {
  await rm(base, { recursive: true, force: true });
}
