import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.strictObject({
  format: z.literal(1),
  hypervisor: z.enum(['virtualbox', 'libvirt']),
  /** The name of the box that the machine was made from. */
  box: z.string(),
  /** The hypervisor's name for the machine; null: the machine was still being made when this was written. */
  machineId: z.string().nullable(),
  /** true: a run with --keep left the machine, whole. false: a run uses the machine now, or was killed. */
  kept: z.boolean(),
  /** The snapshot after the boot, before anything was pushed; null: the hypervisor takes none. */
  snapshot: z.string().nullable(),
  /** Base64 body of the host key that the machine showed at first contact; null: there was no contact yet. */
  hostKey: z.string().nullable(),
});

/**
 * What we know of the machine of this checkout. We write the record before we make the machine, and remove it after the
 * machine. So somebody else (`vagrant up` by hand) made a machine that has no record, or another id than the record.
 */
export type MachineRecord = z.infer<typeof recordSchema>;

/** null: there is no record, or another version of Refigure wrote it. */
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

/** Writes the whole record, or leaves the old one. */
export async function writeMachineRecord(path: string, record: MachineRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${path}.new`, path);
}

export async function removeMachineRecord(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The id that Vagrant has noted for a machine, under any hypervisor; null: it has noted none. */
export async function notedMachineId(dotfile: string, name: string): Promise<string | null> {
  const folder = join(dotfile, 'machines', name);
  for (const hypervisor of await readdir(folder).catch(() => [])) {
    const id = await readFile(join(folder, hypervisor, 'id'), 'utf8').catch(() => null);
    if (id !== null) return id.trim();
  }
  return null;
}
