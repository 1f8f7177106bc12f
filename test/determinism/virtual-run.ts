import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { RecordedCommand } from '../../src/evidence/journal.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { isAsExpected } from '../../src/claim/expected-undecided.ts';
import { embeddedProvider } from '../../src/provider/embedded/provider.ts';
import type { LoadedStudy } from '../../src/study/load.ts';
import { limits } from '../support/limits.ts';
import { runInFolder, type FinishedRun, type RunInFolderOptions } from '../support/run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface VirtualRun extends FinishedRun {
  readonly folder: string;
}

/** A run in the embedded guest by its own clock, without the report; the first of a test file boots, the others resume. */
export async function runVirtually(
  t: ExecutionContext,
  loaded: LoadedStudy,
  options: Partial<Pick<RunInFolderOptions, 'seed' | 'provider' | 'beforeEnd' | 'keep'>> = {},
): Promise<VirtualRun> {
  const folder = join(await temporaryFolder(t), 'run');
  const signal = AbortSignal.timeout(limits.bootMs);
  const finished = await runInFolder({
    provider: embeddedProvider,
    ...options,
    ...{ loaded, folder, signal, clock: 'virtual' },
  });
  return { ...finished, folder };
}

/** The same, of a run that must come to its end. */
export async function runWhole(...args: Parameters<typeof runVirtually>): Promise<VirtualRun> {
  const run = await runVirtually(...args);
  if (run.outcome.state === 'partial') throw run.outcome.error;
  return run;
}

/** What a command printed. */
export function printed({ folder }: Pick<VirtualRun, 'folder'>, capture: string): Promise<string> {
  return readFile(join(folder, layout.capture(capture)), 'utf8');
}

/** The verdict on each claim; `as expected`: undecided, as the study expects of such a guest. */
export async function verdictsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const { verdicts } = findingsOf(await openRun(folder));
  return Object.fromEntries(
    verdicts.map((verdict) => [verdict.claim, isAsExpected(verdict) ? 'as expected' : verdict.state]),
  );
}

/** The commands of an experiment, as they ran. */
export async function commandsOf(folder: string, experiment: string): Promise<readonly RecordedCommand[]> {
  return (await openRun(folder)).journals.get(experiment)?.commands ?? [];
}

/** A script: two namespaces, a and b, joined by the veth pair of v0 (10.0.0.1) and v1 (10.0.0.2). */
export const joinedNamespaces = `ip netns add a
ip netns add b
ip link add v0 netns a type veth peer name v1 netns b
ip -n a address add 10.0.0.1/24 dev v0
ip -n b address add 10.0.0.2/24 dev v1
ip -n a link set v0 up
ip -n b link set v1 up
`;
