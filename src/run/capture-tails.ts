import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeAll } from '../core/replace-file.ts';

/** Takes what captures are to hold, from their beginnings on, and appends what their files lack at the end. */
export class CaptureTails {
  readonly #folder: string;
  /** Of each file: how much of it was told so far, and how much is there, in bytes. */
  readonly #files = new Map<string, { told: number; there: number }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  append(path: string, bytes: Uint8Array): void {
    const target = join(this.#folder, path);
    const file = this.#files.get(path) ?? { told: 0, there: sizeOf(target) };
    this.#files.set(path, file);
    const missing = bytes.subarray(Math.max(0, file.there - file.told));
    file.told += bytes.length;
    if (missing.length === 0 && file.there >= 0) return;
    appendTo(target, missing);
    file.there = Math.max(file.there, file.told);
  }
}

/** -1: there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

function appendTo(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  try {
    writeAll(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}
