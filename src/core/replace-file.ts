import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** A file that is written and not yet at its place. */
export interface StagedFile {
  /** Puts it at its place; what was there (a link, say) is replaced, and never followed. */
  readonly place: () => void;
  /** Takes it away again. */
  readonly discard: () => void;
}

/**
 * Writes a file beside its place, so that whatever happens the place has the old content or the new one, whole. Throws with
 * nothing left behind. Its name is new, and is never one that a link could have been laid under.
 */
export function stageFile(target: string, content: Uint8Array | string): StagedFile {
  const staged = `${target}.${process.pid}.new`;
  const discard = (): void => {
    rmSync(staged, { force: true });
  };
  discard(); // of an earlier process with this id, which was killed
  const descriptor = openSync(staged, 'wx');
  try {
    writeWhole(descriptor, content);
  } catch (error) {
    discard();
    throw error;
  }
  return {
    place: () => {
      renameSync(staged, target);
    },
    discard,
  };
}

/** Writes one file so. Throws with the old content as it was. */
export function replaceFile(target: string, content: Uint8Array | string): void {
  const { place, discard } = stageFile(target, content);
  try {
    place();
  } catch (error) {
    discard();
    throw error;
  }
}

function writeWhole(descriptor: number, content: Uint8Array | string): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  try {
    writeAll(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}

/** A disk that becomes full takes a part of the bytes, and refuses the rest (write(2)). */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
