import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { arch, release, type } from 'node:os';
import { promisify } from 'node:util';
import { packagePath, packageVersion } from '../core/package.ts';
import type { RunRecord } from '../evidence/run-record.ts';

const run = promisify(execFile);

/** What a report says of the host. Names of users, hosts and folders stay out. */
export async function readHostFacts(): Promise<RunRecord['host']> {
  return {
    // Only the version's numbers: what follows them may name a machine or who built its kernel.
    system: `${type()} ${/^[\d.]+/.exec(release())?.[0] ?? ''}`.trim(),
    architecture: arch(),
    node: process.version,
    refigure: packageVersion,
    commit: await readCommit(),
  };
}

/** null where the package is not a checkout of its own, or git is not there. */
async function readCommit(): Promise<RunRecord['host']['commit']> {
  const cwd = packagePath('.');
  try {
    await access(packagePath('.git'));
    const [head, status] = await Promise.all([
      run('git', ['rev-parse', 'HEAD'], { cwd }),
      run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd }),
    ]);
    return { id: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
  } catch {
    return null; // a fact that cannot be had; the report says so
  }
}
