import { mkdir, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../host/cache-folder.ts';
import { readJson } from '../host/files.ts';
import type { Accelerator } from './accelerators.ts';

/** How long an accelerator is passed over after a guest showed no life under it. */
const memoryMs = 24 * 3600 * 1000;

const schema = z.strictObject({
  format: z.literal(1),
  lifeless: z.array(
    z.strictObject({ accelerator: z.string(), qemu: z.string(), system: z.string(), atMs: z.number() }),
  ),
});

/** The file of notes; the user may remove it. */
export function lifelessFile(): string {
  return join(cacheFolder(), 'accelerators.json');
}

/** Whether a guest showed no life under this accelerator of late, with the same QEMU on the same system. */
export async function wasLifeless(accelerator: Accelerator, qemu: string): Promise<boolean> {
  const notes = (await readJson(lifelessFile(), schema))?.lifeless ?? [];
  return notes.some(
    (note) =>
      note.accelerator === accelerator &&
      note.qemu === qemu &&
      note.system === release() &&
      Date.now() - note.atMs < memoryMs,
  );
}

/** Where the note cannot be written, the next run loses some seconds; nothing else is lost. */
export async function noteLifeless(accelerator: Accelerator, qemu: string): Promise<void> {
  const notes = (await readJson(lifelessFile(), schema))?.lifeless ?? [];
  const lifeless = [
    ...notes.filter((note) => note.accelerator !== accelerator),
    { accelerator, qemu, system: release(), atMs: Date.now() },
  ];
  try {
    await mkdir(dirname(lifelessFile()), { recursive: true });
    await writeFile(lifelessFile(), JSON.stringify({ format: 1, lifeless }));
  } catch {
    // See above.
  }
}
