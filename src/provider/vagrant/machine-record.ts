import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const recordSchema = z.strictObject({
  format: z.literal(1),
  hypervisor: z.enum(['virtualbox', 'libvirt']),
  /** The name of the box that it was made from. */
  box: z.string(),
  /** A run with --keep has left it, whole. Otherwise a run is under way, or was killed. */
  kept: z.boolean(),
  /** Taken after the boot, before anything was pushed; null: the hypervisor has none. */
  snapshot: z.string().nullable(),
  /** Base64 body of the host key that it showed at first contact; null: there was no contact yet. */
  hostKey: z.string().nullable(),
});

/**
 * What we know of the machine of this checkout. Written before it is made, and removed after it is: a machine without
 * such a record was made by somebody else (`vagrant up` by hand), and is left alone.
 */
export type MachineRecord = z.infer<typeof recordSchema>;

/** null: there is none. A record that cannot be read is one of a run that was killed while it wrote it. */
export async function readMachineRecord(path: string): Promise<MachineRecord | 'unreadable' | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

export async function writeMachineRecord(path: string, record: MachineRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(record)}\n`);
}

export async function removeMachineRecord(path: string): Promise<void> {
  await rm(path, { force: true });
}
