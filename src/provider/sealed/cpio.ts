const encoder = new TextEncoder();
const lastName = 'TRAILER!!!';
const headerBytes = 110;
/** A regular file that its owner may write and everybody may read. */
const fileMode = 0o100644;

/**
 * A cpio archive of one file, which ends at a multiple of 4 bytes: the kernel takes several archives, one behind the other,
 * as its initramfs (Documentation/driver-api/early-userspace/buffer-format.rst of Linux, format "newc"). All its bytes
 * follow from the name and the content.
 */
export function cpioArchive(name: string, content: Uint8Array): Uint8Array {
  return Buffer.concat([entry(name, fileMode, content), entry(lastName, 0, new Uint8Array())]);
}

function entry(name: string, mode: number, content: Uint8Array): Uint8Array {
  const nameBytes = encoder.encode(`${name}\0`);
  const inode = mode === 0 ? 0 : 1;
  const [links, user, group, time, device, check] = [1, 0, 0, 0, [0, 0, 0, 0], 0] as const;
  const fields = [inode, mode, user, group, links, time, content.length, ...device, nameBytes.length, check];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([
    encoder.encode(header),
    nameBytes,
    padding(headerBytes + nameBytes.length),
    content,
    padding(content.length),
  ]);
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
