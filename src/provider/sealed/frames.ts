/** Some bytes on a channel of the port that only goes out. */
export interface Frame {
  readonly channel: number;
  readonly bytes: Uint8Array;
}

const headerBytes = 4;

/**
 * Reads the frames of a sealed guest's port, as guest/early.c writes them: the channel and the length, each in two bytes,
 * the low one first; then the bytes. What a frame has is handed out as it comes, so a long one may come in pieces.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #header: number[] = [];
  #left = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#left === 0) {
        this.#header.push(bytes[at] ?? 0);
        at += 1;
        if (this.#header.length < headerBytes) continue;
        this.#left = this.#number(2);
        if (this.#left === 0) this.#header = [];
        continue;
      }
      const piece = bytes.slice(at, at + this.#left);
      const channel = this.#number(0);
      at += piece.length;
      this.#left -= piece.length;
      if (this.#left === 0) this.#header = [];
      this.#onFrame({ channel, bytes: piece });
    }
  }

  #number(at: number): number {
    return (this.#header[at] ?? 0) | ((this.#header[at + 1] ?? 0) << 8);
  }
}
