import which from 'which';
import { runProgram } from './run-program.ts';

/** Vagrant as it is installed; null: it is not. */
export interface VagrantInstallation {
  /** `2.3.4`; null: Vagrant does not say, and `said` has what it prints instead. */
  readonly version: string | null;
  readonly said: string;
}

/** The oldest that the Vagrantfile asks for (Vagrant.require_version). */
export const oldestVagrant = '2.2.10';
const limitMs = 30_000;

export async function findVagrant(): Promise<VagrantInstallation | null> {
  const program = await which('vagrant', { nothrow: true });
  if (program === null) return null;
  const said = await ask(program, ['--version']);
  return { version: /^Vagrant (\d+\.\d+\.\d+)/m.exec(said)?.[1] ?? null, said };
}

export function isNewEnough(version: string): boolean {
  const [have, need] = [version, oldestVagrant].map((text) => text.split('.').map(Number));
  for (const [index, part] of (need ?? []).entries()) {
    const difference = (have?.[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Whether Vagrant can drive libvirt: a plugin that has to be installed, by itself or with the system's packages. */
export async function hasLibvirtPlugin(): Promise<boolean> {
  const program = await which('vagrant', { nothrow: true });
  return program !== null && /^vagrant-libvirt /m.test(await ask(program, ['plugin', 'list']));
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  const env = { VAGRANT_CHECKPOINT_DISABLE: '1', VAGRANT_NO_COLOR: '1' };
  return (await runProgram(program, args, { limitMs, env })).all;
}
