import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { format } from 'prettier';
import which from 'which';
import { parse } from 'yaml';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { parseTap } from '../../src/observation/tap.ts';
import { cacheFolder } from '../../src/provider/host/cache-folder.ts';
import { digestOfRun } from '../determinism/digest.ts';
import { verdictsOf } from '../determinism/virtual-run.ts';
import { isUpheld, pageOf, upheldOf, type GuestRun, type RanTest } from './kselftest/page.ts';

/**
 * `npm run kselftest [-- FOLDER]`: takes selftests of the kernel from the source that the image's kernel was built from,
 * makes a study of them, runs it in both guests that have a virtual clock, and writes what came of it to
 * docs/kselftest.md. The runs are kept in FOLDER, new or empty, where it is given. It needs Debian's apt, and minutes for
 * each guest. Status 1 where a claim is not upheld; also where something did not run, and then the page stays as it was.
 */
const guests = ['embedded', 'mini'] as const;
const document = packagePath('docs/kselftest.md');
const own = packagePath('test/matrix/kselftest');
/** Several times what a run takes on a machine that is busy with other things. */
const limitMs = 60 * 60_000;
const run = promisify(execFile);

/** The version of the kernel's source, as the lock of the image has it. */
async function lockedVersion(): Promise<string> {
  const lock = await readFile(packagePath('guest/packages.lock'), 'utf8');
  const version = /^binary linux-source-6\.1 (\S+) /m.exec(lock)?.[1];
  if (version === undefined) throw new Error('guest/packages.lock has no linux-source-6.1: run guest/relock.sh');
  return version;
}

/** The folder of the kernel's selftests, which is kept for later calls. */
async function selftests(version: string): Promise<string> {
  const bash = await which('bash', { nothrow: true });
  if (bash === null) throw new Error('there is no bash, which test/matrix/kselftest/source.sh needs: run it on Debian');
  const kept = join(cacheFolder(), 'kernel-source');
  await run(bash, [join(own, 'source.sh'), kept, version], { timeout: limitMs });
  return join(kept, version, 'selftests');
}

/** Lays the study and its files in `folder`: its own from the repository, and the kernel's from `source`. */
async function layStudy(folder: string, source: string): Promise<void> {
  const study = await readFile(join(own, 'study.yaml'), 'utf8');
  const { files } = parse(study) as { readonly files: readonly string[] };
  for (const file of ['study.yaml', ...files]) {
    const [room, ...rest] = file.split('/');
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await copyFile(room === 'selftests' ? join(source, ...rest) : join(own, file), join(folder, file));
  }
}

async function runIn(guest: string, study: string, folder: string): Promise<GuestRun> {
  const words = ['--import', './src/from-source.mjs', 'src/cli.ts', 'run', study, '--guest', guest];
  const load = loadavg()[0] ?? 0;
  const startMs = performance.now();
  try {
    await run(process.execPath, [...words, '--clock', 'virtual', '--out', folder, '--quiet'], {
      cwd: packagePath('.'),
      timeout: limitMs,
    });
  } catch (error) {
    // 1: a claim is not upheld, which the verdicts tell.
    if ((error as { readonly code?: unknown }).code !== 1) throw error;
  }
  const seconds = (performance.now() - startMs) / 1000;
  const [verdicts, tests] = [await verdictsOf(folder), await testsOf(folder)];
  return { guest, seconds, load, digest: await digestOfRun(folder), verdicts, tests };
}

/** The TAP lines of a run that are the runner's own, in their order. A capture that is no TAP has none. */
async function testsOf(folder: string): Promise<RanTest[]> {
  const { captures } = await openRun(folder);
  const found: RanTest[] = [];
  for (const { file } of captures.values()) {
    const text = await readFile(join(folder, file), 'utf8');
    const lines = text.split('\n');
    const read = parseTap(text);
    if (read.state !== 'read') continue;
    found.push(
      ...read.observation.tests
        .filter(({ depth }) => depth === 0)
        .map(({ line, description }) => ({ description, printed: lines[line - 1] ?? '' })),
    );
  }
  return found;
}

const base = await mkdtemp(join(tmpdir(), 'refigure-kselftest-'));
const kept = process.argv[2] === undefined ? base : resolve(process.argv[2]);
try {
  const version = await lockedVersion();
  const study = join(base, 'study');
  await layStudy(study, await selftests(version));
  const runs: GuestRun[] = [];
  for (const guest of guests) {
    const made = await runIn(guest, study, join(kept, guest));
    process.stdout.write(`${guest}: ${upheldOf(made)}, ${made.seconds.toFixed(0)} s, ${made.digest}\n`);
    runs.push(made);
  }
  const page = pageOf({ version, made: new Date(), refigure: packageVersion, runs });
  await writeFile(document, await format(page, { parser: 'markdown', proseWrap: 'preserve' }));
  if (!runs.every(isUpheld)) process.exitCode = 1;
} finally {
  await rm(base, { recursive: true, force: true });
}
