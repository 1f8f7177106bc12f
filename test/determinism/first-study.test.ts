import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { runDigest } from '../../src/evidence/digest.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { refigure, type StartOptions } from '../commands/cli.ts';
import { nodePath } from '../support/node-versions.ts';
import { shared, temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { digestOfRun } from './digest.ts';
import { hogProcessor } from './hog.ts';
import { verdictsOf } from './virtual-run.ts';

// The study that ships, by the command line, on different days of one machine's life. One after another: each has a guest.

const referenceRun = process.env['REFIGURE_REFERENCE'] ?? packagePath('reports/veth-pair/reference');

interface Ran {
  readonly folder: string;
  readonly record: RunRecord;
  /** null: of a run by the host's clock. */
  readonly digest: string | null;
}

async function run(base: string, args: readonly string[] = [], options?: StartOptions): Promise<Ran> {
  const folder = join(base, 'run');
  const { status, stderr } = await refigure(['run', '--out', folder, '--quiet', ...args], options);
  if (status !== 0) throw new Error(`it ended with ${String(status)}: ${stderr}`);
  const { record } = await openRun(folder);
  return { folder, record, digest: await runDigest(folder, record) };
}

/** Boots, as nothing is kept yet, and keeps a state. */
const plainRun = shared((folder) => run(folder));

test.serial('a run that resumes prints the very bytes of one that booted', async (t) => {
  const booted = await plainRun();
  const resumed = await run(await temporaryFolder(t));
  t.deepEqual([booted.record.guest?.start, resumed.record.guest?.start], ['booted', 'resumed']);
  t.regex(booted.digest ?? '', /^[\da-f]{64}$/);
  t.is(resumed.digest, booted.digest);
});

test.serial('so does one that boots on a machine that is busy with something else', async (t) => {
  const { digest } = await plainRun();
  await hogProcessor(t);
  const busy = await run(await temporaryFolder(t), ['--cold']);
  t.is(busy.record.guest?.start, 'booted');
  t.is(busy.digest, digest);
});

testWith.serial('node 26')('and one with another Node, whose JavaScript engine is another', async (t) => {
  const { digest } = await plainRun();
  const other = await run(await temporaryFolder(t), ['--cold'], { node: nodePath('node 26') ?? '' });
  t.regex(other.record.host.node, /^v26\./);
  t.is(other.digest, digest);
});

test.serial('they are the bytes of the reference run', async (t) => {
  const { record } = await openRun(referenceRun);
  if (isOfThisMachine(t, record, (await plainRun()).record)) {
    t.is((await plainRun()).digest, await digestOfRun(referenceRun));
  }
});

/** A reference run by the host's clock, or of another image, has other bytes. */
function isOfThisMachine(t: ExecutionContext, reference: RunRecord, ours: RunRecord): boolean {
  const same = reference.guest?.clock.kind === 'virtual';
  if (same) t.deepEqual(reference.guest?.image, ours.guest?.image, 'npm run reference makes it again');
  else t.pass('the reference run is by the clock of its host');
  return same;
}

test.serial("by the host's clock the same claims are upheld", async (t) => {
  const virtual = await plainRun();
  const real = await run(await temporaryFolder(t), ['--clock', 'real']);
  t.is(real.record.guest?.clock.kind, 'real');
  t.is(real.record.guest?.transport.kind, 'ssh');
  t.is(real.digest, null, 'it has no digest');
  t.deepEqual(await verdictsOf(real.folder), await verdictsOf(virtual.folder));
});
