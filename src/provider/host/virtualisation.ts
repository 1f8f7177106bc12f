import { readFile } from 'node:fs/promises';
import { arch } from 'node:os';

/** Apple's own processors, also where an x86 Node runs on them by translation: no hypervisor runs an x86 machine there. */
export async function isAppleSilicon(): Promise<boolean> {
  if (process.platform !== 'darwin') return false;
  const { ask } = await import('./ask.ts'); // what it loads, no other system waits for
  return arch() === 'arm64' || (await ask('sysctl', ['-n', 'sysctl.proc_translated'])) === '1';
}

/** `vmx` (Intel) or `svm` (AMD) of Linux's /proc/cpuinfo; null: the processor, or the VM that we are in, offers neither. */
export async function virtualisationFlag(): Promise<string | null> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^flags\s*:.*\b(vmx|svm)\b/m.exec(text)?.[1] ?? null;
}
