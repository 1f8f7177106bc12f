import { join } from 'node:path';
import which from 'which';
import { exists } from '../host/files.ts';
import { runProgram } from '../host/run-program.ts';
import { qemuName } from './qemu-name.ts';

/** The QEMU of this host, for x86 guests. */
export interface QemuProgram {
  readonly path: string;
  /** `7.2.19`, and so on. */
  readonly version: string;
}

export type FoundQemu =
  | { readonly state: 'found'; readonly program: QemuProgram }
  | { readonly state: 'missing'; readonly reason: string; readonly hint: string };

const name = process.platform === 'win32' ? `${qemuName}.exe` : qemuName;
const install: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Install it: `brew install qemu`.',
  win32: 'Install it: https://www.qemu.org/download/#windows.',
};
const versionLimitMs = 10_000;

/** On the PATH, or where Windows' installer puts it. */
export async function findQemu(): Promise<FoundQemu> {
  const path = await locate();
  if (path === null) {
    const hint = install[process.platform] ?? "Install your distribution's package of QEMU for x86 guests.";
    return { state: 'missing', reason: `QEMU is not installed (${name})`, hint };
  }
  const { stdout, stderr, failed } = await runProgram(path, ['--version'], { limitMs: versionLimitMs });
  const version = /version (\d+(?:\.\d+)+)/.exec(stdout)?.[1];
  if (!failed && version !== undefined) return { state: 'found', program: { path, version } };
  return {
    state: 'missing',
    reason: `QEMU does not work: ${(stderr || stdout).trim()}`,
    hint: `Run \`${name} --version\` by hand.`,
  };
}

async function locate(): Promise<string | null> {
  const onPath = await which(name, { nothrow: true });
  if (onPath !== null || process.platform !== 'win32') return onPath;
  const installed = join(process.env['ProgramFiles'] ?? 'C:\\Program Files', 'qemu', name);
  return (await exists(installed)) ? installed : null;
}
