import { open } from 'node:fs/promises';
import { HostError } from '../../core/errors.ts';

/** Offsets in the header, whose numbers are big-endian (docs/interop/qcow2.rst of QEMU). */
const at = { magic: 0, version: 4, backingFile: 8, incompatibleFeatures: 72 } as const;
const headerBytes = 80;
const externalDataBit = 1n << 2n;

/**
 * Rejects with HostError when a file is no qcow2 disk, or one that refers to another file: QEMU would hand the guest
 * whatever file of this host it names.
 */
export async function requireQcow2(path: string): Promise<void> {
  const header = await readHeader(path);
  if (header.toString('latin1', at.magic, at.version) !== 'QFI\xfb') {
    throw new HostError(`${path} is no qcow2 image.`, 'Get the disk image itself, unpacked.');
  }
  const features = header.readUInt32BE(at.version) < 3 ? 0n : header.readBigUInt64BE(at.incompatibleFeatures);
  if (header.readBigUInt64BE(at.backingFile) !== 0n || (features & externalDataBit) !== 0n) {
    throw new HostError(`${path} is a qcow2 image that refers to another file.`, 'Get one that is whole in itself.');
  }
}

/** With zeros where the file ends before. */
async function readHeader(path: string): Promise<Buffer> {
  const header = Buffer.alloc(headerBytes);
  const file = await open(path);
  try {
    await file.read(header, 0, headerBytes, 0);
    return header;
  } finally {
    await file.close();
  }
}
