import { createReadStream } from 'node:fs';

/** The first bytes of a file, however large it is. Rejects when it cannot be read. */
export async function readBeginning(path: string, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  if (bytes > 0) for await (const piece of createReadStream(path, { end: bytes - 1 })) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
