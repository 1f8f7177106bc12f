import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { messageOf, UsageError, type StudyProblem } from '../../core/errors.ts';
import { schemaProblems } from '../../study/problems.ts';
import { StudySource } from '../../study/source.ts';

/** Files are named relative to the file that names them. */
const schema = z
  .strictObject({
    format: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, dots, dashes, underscores'),
    /** A qcow2 image without a backing file; never written to. */
    disk: z.string().optional(),
    /** What is booted instead of the disk's own boot loader. */
    kernel: z.strictObject({ file: z.string(), initramfs: z.string(), commandLine: z.string() }).optional(),
    /** The user that SSH is for: root, or one that becomes root by `sudo -n`. */
    user: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'must be the name of a user of the machine'),
    /** A private key without a passphrase that the image lets in; without it cloud-init gets a new one. */
    key: z.string().optional(),
    /** The machine's own address, of a /24, where it does not ask for one by DHCP. */
    address: z
      .ipv4()
      .regex(/\.([4-9]|\d\d+)$/, 'must not end in 0 to 3, which are of the network and of QEMU')
      .optional(),
    memoryMiB: z.int().min(64).default(1024),
    processors: z.int().min(1).max(64).default(1),
    /** A file of the guest, and a text in it without which it is not the guest that was meant. */
    release: z.strictObject({ file: z.string().startsWith('/'), contains: z.string().min(1) }).optional(),
    architecture: z.enum(['x86_64', 'i686']).default('x86_64'),
    bootLimitSeconds: z.int().positive().default(600),
  })
  .refine(({ disk, kernel }) => disk !== undefined || kernel !== undefined, 'needs a disk, or a kernel, or both')
  .refine(
    ({ disk, key }) => disk !== undefined || key !== undefined,
    'without a disk there is no cloud-init: name a key',
  );

/** A machine as its file describes it. */
export type MachineDescription = z.infer<typeof schema>;

export interface MachineFile {
  readonly description: MachineDescription;
  /** Knows where in the file each value stands. */
  readonly source: StudySource;
}

/** Rejects with UsageError with everything that is wrong with the file itself, each with its place. */
export async function readMachineFile(path: string): Promise<MachineFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`The machine ${path} cannot be read: ${messageOf(error)}`, 'Give the path of its file.');
  });
  const source = new StudySource(path, text);
  requireNone(path, source.syntaxProblems());
  const parsed = schema.safeParse(source.value(), { reportInput: true });
  if (parsed.success) return { description: parsed.data, source };
  requireNone(
    path,
    schemaProblems(source, parsed.error, () => z.toJSONSchema(schema, { io: 'input' })),
  );
  throw parsed.error;
}

/** Throws UsageError where there are problems with a machine. */
export function requireNone(path: string, problems: readonly StudyProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  throw new UsageError(
    `The machine of ${basename(path)} cannot be used:\n${lines.join('\n')}`,
    'Mend the lines named above; README.md ("Guests") shows the format.',
  );
}
