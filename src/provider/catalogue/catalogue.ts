import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from '../../core/errors.ts';
import { packagePath } from '../../core/package.ts';
import { Servers } from './servers.ts';

/** No `,` and no folder in it: it names files and machines. */
const plainName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, dots, dashes, underscores');

const fileSchema = z.strictObject({
  /** Under which it is kept here; another one for each version. */
  name: plainName,
  file: plainName,
  /** null: not known; then the server is asked. */
  bytes: z.int().positive().nullable().default(null),
  user: z.string(),
  /** In the order in which they are tried. */
  urls: z.array(z.url({ protocol: /^(https?|file)$/ })).min(1),
  /** Where the distributor says what the bytes are; null: nowhere. */
  checksums: z
    .strictObject({
      /** A list as of sha256sum(1), clear-signed by OpenPGP. */
      list: z.url(),
      /** The public key; worth nothing unless it has this fingerprint. */
      key: z.url(),
      fingerprint: z.string().regex(/^[0-9A-F]{40}$/),
    })
    .nullable()
    .default(null),
});

const boxSchema = fileSchema.extend({
  /** Vagrant's word for the hypervisor. */
  provider: z.enum(['virtualbox', 'libvirt']),
});

const imageSchema = fileSchema.extend({
  /** As QEMU calls it. */
  format: z.literal('qcow2'),
});

const catalogueSchema = z.strictObject({
  format: z.literal(1),
  guests: z.record(
    plainName,
    z
      .strictObject({
        description: z.string(),
        /** A file of the guest, and a text in it without which it is not the guest that was meant. */
        release: z.strictObject({ file: z.string().startsWith('/'), contains: z.string().min(1) }),
        /** As `uname -m` prints it. */
        architecture: z.enum(['x86_64', 'aarch64']),
        /** For Vagrant: one for each hypervisor; the first that this host has is taken. */
        boxes: z.array(boxSchema).default([]),
        /** Disks that boot without Vagrant. */
        images: z.array(imageSchema).default([]),
      })
      .refine(({ boxes, images }) => boxes.length + images.length > 0, 'must have boxes, or images, or both'),
  ),
});

/** What is downloaded, whatever is in it. */
export type CatalogueFile = z.infer<typeof fileSchema>;
export type CatalogueBox = z.infer<typeof boxSchema>;
export type CatalogueImage = z.infer<typeof imageSchema>;
export type CatalogueGuest = z.infer<typeof catalogueSchema>['guests'][string];

export interface GuestCatalogue {
  /** Absolute. */
  readonly path: string;
  readonly guests: Readonly<Record<string, CatalogueGuest>>;
  /** Those of all its guests. */
  readonly servers: Servers;
}

export const defaultCatalogue = packagePath('guest/catalogue.yaml');

/** Reads the guests that can be downloaded. Throws UsageError with everything that is wrong with the file. */
export async function loadCatalogue(path = defaultCatalogue): Promise<GuestCatalogue> {
  const hint = `guest/catalogue.yaml of the package shows the format.`;
  if (!path.endsWith('.yaml')) throw new UsageError(`A catalogue's name must end in .yaml: ${path}`, hint);
  try {
    const { guests } = catalogueSchema.parse(parse(await readFile(path, 'utf8'), { logLevel: 'error' }));
    return { path: resolve(path), guests, servers: new Servers() };
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UsageError(`The catalogue of guests ${path} cannot be used:\n${said}`, hint, { cause: error });
  }
}
