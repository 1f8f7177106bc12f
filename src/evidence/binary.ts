import { isUtf8 } from 'node:buffer';

/** Whether these bytes are no text that a reader could be shown: no UTF-8, or with a NUL in it. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.includes(0) || !isUtf8(bytes);
}
