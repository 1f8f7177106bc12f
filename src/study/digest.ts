import { sha256 } from '../core/hash.ts';
import type { StudyFile } from './load.ts';

/** A file of a digest: its path relative to the folder, `/`-separated, and the SHA-256 of its bytes in hex. */
export interface HashedFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * One SHA-256 for a set of files: that of the list which sha256sum(1) prints of them, sorted by the bytes of their paths
 * (`LC_ALL=C sort`). So coreutils alone can tell it, too: docs/digest.md says how.
 */
export function digestOf(files: readonly HashedFile[]): string {
  return sha256(checksumList(files));
}

/** The digest of a study: of all its files as they are run. */
export function studyDigest(files: readonly StudyFile[]): string {
  return digestOf(files.map(({ path, content }) => ({ path, sha256: sha256(content) })));
}

function checksumList(files: readonly HashedFile[]): string {
  const inOrder = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return inOrder.map(checksumLine).join('');
}

/** As sha256sum(1) of coreutils has it, with a name that would break the line escaped. */
function checksumLine({ path, sha256: checksum }: HashedFile): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === path ? '' : '\\'}${checksum}  ${escaped}\n`;
}
