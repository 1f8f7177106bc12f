import { open, type FileHandle } from 'node:fs/promises';

/** Follows a file to which another process appends. */
export class FileTail {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.alloc(64 * 1024);
  #position = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<FileTail> {
    return new FileTail(await open(path, 'r'));
  }

  /** All that has come to it since the last call. */
  async read(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, this.#buffer.length, this.#position);
      if (bytesRead === 0) return Buffer.concat(pieces);
      this.#position += bytesRead;
      pieces.push(Buffer.from(this.#buffer.subarray(0, bytesRead)));
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
