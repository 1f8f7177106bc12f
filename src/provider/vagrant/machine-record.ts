import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.strictObject({
  format: z.literal(1),
  hypervisor: z.enum(['virtualbox', 'libvirt']),
  /** The name of the box that it was made from. */
  box: z.string(),
  /** By which the hypervisor knows it; null: it was being made when this was written. */
  machineId: z.string().nullable(),
  /** A run with --keep has left it, whole. Otherwise a run is under way, or was killed. */
  kept: z.boolean(),
  /** Taken after the boot, before anything was pushed; null: the hypervisor has none. */
  snapshot: z.string().nullable(),
  /** Base64 body of the host key that it showed at first contact; null: there was no contact yet. */
  hostKey: z.string().nullable(),
});

/**
 * What we know of the machine of this checkout. Written before it is made, and removed after it is: a machine without
 * such a record, or with another id than the record has, was made by somebody else (`vagrant up` by hand).
 */
export type MachineRecord = z.infer<typeof recordSchema>;

/** null: there is none, or one of another version of ours. */
export async function readMachineRecord(path: string): Promise<MachineRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Whole or not at all. */
export async function writeMachineRecord(path: string, record: MachineRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${path}.new`, path);
}

export async function removeMachineRecord(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The id that Vagrant has noted of a machine, of whatever hypervisor it is; null: it has none. */
export async function notedMachineId(dotfile: string, name: string): Promise<string | null> {
  const folder = join(dotfile, 'machines', name);
  for (const hypervisor of await readdir(folder).catch(() => [])) {
    const id = await readFile(join(folder, hypervisor, 'id'), 'utf8').catch(() => null);
    if (id !== null) return id.trim();
  }
  return null;
}
