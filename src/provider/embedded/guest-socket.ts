import { Duplex } from 'node:stream';
import type { FromMachine, ToMachine } from './protocol.ts';

type SocketMessage = Extract<FromMachine, { readonly id: number }>;

/**
 * v86's TCP buffers without bound, and a segment that the guest has no room for is lost for good (no retransmission).
 * So a write is handed over in pieces, and the next one waits until the guest acknowledged the last.
 */
const pieceBytes = 16 * 1024;

/** A TCP connection into the guest as a Node stream, as ssh2's `sock` wants it. */
export class GuestSocket extends Duplex {
  readonly id: number;
  readonly #send: (message: ToMachine) => void;
  #connected = false;
  #drained: (() => void) | null = null;

  constructor(id: number, send: (message: ToMachine) => void) {
    super({ allowHalfOpen: false });
    this.id = id;
    this.#send = send;
  }

  /** A message of the emulator's thread about this connection. */
  handle(message: SocketMessage): void {
    switch (message.kind) {
      case 'connected':
        this.#connected = true;
        this.emit('connect');
        break;
      case 'data':
        this.push(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength));
        break;
      case 'drained':
        this.#drained?.();
        break;
      case 'shutdown':
        this.push(null);
        break;
      case 'closed':
        if (this.#connected) this.push(null);
        this.destroy(this.#connected ? undefined : new Error('connection refused by the guest'));
        break;
    }
  }

  guestEnded(): void {
    this.destroy(this.#connected ? undefined : new Error('the guest has ended'));
  }

  override _read(): void {
    // The emulator pushes; SSH's own channel windows bound what can be on its way.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#writePieces(chunk, 0, callback);
  }

  #writePieces(chunk: Buffer, offset: number, callback: (error?: Error | null) => void): void {
    if (offset >= chunk.length) {
      callback();
      return;
    }
    const bytes = new Uint8Array(chunk.subarray(offset, offset + pieceBytes)); // a copy: it moves to another thread
    this.#drained = () => {
      this.#drained = null;
      this.#writePieces(chunk, offset + bytes.length, callback);
    };
    this.#send({ kind: 'write', id: this.id, bytes });
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#send({ kind: 'close', id: this.id });
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#drained = null;
    this.#send({ kind: 'close', id: this.id });
    callback(error);
  }
}
