import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { UploadFile } from '../core/transport.ts';
import { shellQuote } from '../core/shell.ts';

/**
 * Packs the files as a tar archive: so the guest needs no SFTP, and one round trip is enough for all files. The same files
 * make the same archive.
 */
export function packUpload(files: readonly UploadFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, content, executable } of files) {
    archive.entry({ name: path, mode: executable ? 0o755 : 0o644, mtime: packedAt }, content);
  }
  archive.finalize();
  return buffer(archive);
}

const packedAt = new Date(Date.UTC(2026, 0, 1));

/** The command that unpacks such an archive from its standard input; tar fails on one that was cut short. */
export function unpackCommand(folder: string): string {
  const quoted = shellQuote(folder);
  return `mkdir -p -m 700 ${quoted} && tar -x -f - -C ${quoted}`;
}
