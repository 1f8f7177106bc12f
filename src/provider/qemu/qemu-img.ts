import { delimiter, dirname } from 'node:path';
import which from 'which';
import { HostError } from '../../core/errors.ts';
import { runProgram } from '../host/run-program.ts';
import type { QemuProgram } from './program.ts';

const name = process.platform === 'win32' ? 'qemu-img.exe' : 'qemu-img';
const limitMs = 60_000;

/** qemu-img, which some distributions pack apart from QEMU; null: it is not there. */
export function findQemuImg({ path }: QemuProgram): Promise<string | null> {
  return which(name, { nothrow: true, path: [dirname(path), process.env['PATH'] ?? ''].join(delimiter) });
}

/** Makes an empty disk; or an overlay, which takes what is written in place of its backing file. */
export async function makeDisk(
  qemuImg: string,
  path: string,
  content: { readonly bytes: number } | { readonly backing: string },
): Promise<void> {
  const what = 'backing' in content ? ['-F', 'qcow2', '-b', content.backing, path] : [path, String(content.bytes)];
  const { failed, stderr } = await runProgram(qemuImg, ['create', '-q', '-f', 'qcow2', ...what], { limitMs });
  if (!failed) return;
  throw new HostError(`${path} cannot be made: ${stderr.trim()}`, 'Make room in the cache folder.');
}
