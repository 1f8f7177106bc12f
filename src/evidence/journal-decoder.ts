/** What the journal says, as its bytes arrive. The format is described in src/run/journal.sh. Times are in seconds. */
export type JournalEvent =
  | { readonly kind: 'clock'; readonly epochS: number; readonly uptimeS: number }
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'start'; readonly number: number; readonly text: string; readonly uptimeS: number }
  | { readonly kind: 'output'; readonly number: number; readonly stream: Stream; readonly bytes: Buffer }
  | {
      readonly kind: 'end';
      readonly number: number;
      readonly uptimeS: number;
      readonly status: number;
      readonly how: CommandEnd;
    }
  | { readonly kind: 'step-end'; readonly step: string; readonly status: number }
  | { readonly kind: 'done'; readonly uptimeS: number }
  /** Output that belongs to no command, as of a process that an earlier command left behind. */
  | { readonly kind: 'stray'; readonly bytes: Buffer };

/** `both`: the two streams in one, in the order of their bytes. `error`: standard error kept apart. */
export type Stream = 'both' | 'error';

/** `exited` by itself, ended by its time `limit`, or `left` when the step's shell ended in its midst. */
export type CommandEnd = 'exited' | 'limit' | 'left';

type Place = { readonly at: 'between' } | { readonly at: 'text' | 'both' | 'error'; readonly number: number };

/** A mark is one short line; what is longer is none. */
const maxMarkBytes = 512;
const newline = 0x0a;

/** Decodes a journal incrementally: memory stays flat in the size of the output. Never throws on bad bytes. */
export class JournalDecoder {
  readonly #emit: (event: JournalEvent) => void;
  #pending = Buffer.alloc(0);
  #marker: Buffer | null = null;
  #lastMark = 0;
  #place: Place = { at: 'between' };
  #text: Buffer[] = [];

  constructor(emit: (event: JournalEvent) => void) {
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    if (this.#marker === null && !this.#readHeader()) return;
    while (this.#step(false));
  }

  /** The journal ends here, whole or cut off: what was held back as the possible beginning of a mark is output. */
  end(): void {
    if (this.#marker !== null) while (this.#step(true));
    this.#data(this.#pending);
    this.#pending = Buffer.alloc(0);
  }

  #readHeader(): boolean {
    const end = this.#pending.indexOf(newline);
    if (end < 0) return false;
    const nonce = /^refigure-journal 1 (\S+)$/.exec(this.#pending.toString('latin1', 0, end))?.[1];
    // Without a header no mark can be told from output; then everything is stray.
    this.#marker = Buffer.from(`\n#${nonce ?? '\u0000'} `, 'latin1');
    if (nonce !== undefined) this.#pending = this.#pending.subarray(end + 1);
    return true;
  }

  /** Takes one stretch of output or one mark from the pending bytes; false when more bytes are needed. */
  #step(atEnd: boolean): boolean {
    const marker = this.#marker ?? Buffer.alloc(0);
    const start = this.#pending.indexOf(marker);
    if (start !== 0) {
      const certain = start > 0 ? start : this.#pending.length - (marker.length - 1);
      if (certain <= 0) return false;
      this.#data(this.#take(certain));
      return start > 0;
    }
    const end = this.#pending.indexOf(newline, 1);
    if (end < 0 && !atEnd && this.#pending.length <= maxMarkBytes) return false;
    const line = end < 0 || end > maxMarkBytes ? null : this.#pending.toString('latin1', marker.length, end);
    if (line !== null && this.#mark(line)) this.#take(end + 1);
    else this.#data(this.#take(1)); // looks like a mark and is none
    return true;
  }

  #take(bytes: number): Buffer {
    const taken = this.#pending.subarray(0, bytes);
    this.#pending = this.#pending.subarray(bytes);
    return taken;
  }

  #data(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const place = this.#place;
    switch (place.at) {
      case 'text':
        this.#text.push(Buffer.from(bytes));
        break;
      case 'both':
      case 'error':
        this.#emit({ kind: 'output', number: place.number, stream: place.at, bytes: Buffer.from(bytes) });
        break;
      case 'between':
        this.#emit({ kind: 'stray', bytes: Buffer.from(bytes) });
        break;
    }
  }

  /** Takes a mark over if it is one and its number is new. */
  #mark(line: string): boolean {
    const match = /^(\d+) ([a-z-]+)(?: (.*))?$/.exec(line);
    if (match === null || Number(match[1]) <= this.#lastMark) return false;
    if (!this.#handle(match[2] ?? '', (match[3] ?? '').split(' '))) return false;
    this.#lastMark = Number(match[1]);
    return true;
  }

  #handle(kind: string, [first = '', second = '', third = '', fourth = '']: string[]): boolean {
    switch (kind) {
      case 'clock':
        this.#emit({ kind, epochS: Number(first), uptimeS: Number(second) });
        return true;
      case 'step':
        this.#emit({ kind, step: first });
        return true;
      case 'command':
        this.#place = { at: 'text', number: Number(first) };
        this.#text = [];
        return true;
      case 'run': {
        const text = Buffer.concat(this.#text).toString('utf8');
        this.#place = { at: 'both', number: Number(first) };
        this.#emit({ kind: 'start', number: Number(first), text, uptimeS: Number(second) });
        return true;
      }
      case 'stderr':
        this.#place = { at: 'error', number: Number(first) };
        // Also when nothing follows: that it was kept apart, and was empty, is part of the record.
        this.#emit({ kind: 'output', number: Number(first), stream: 'error', bytes: Buffer.alloc(0) });
        return true;
      case 'end':
        this.#place = { at: 'between' };
        this.#emit({
          kind,
          number: Number(first),
          uptimeS: Number(second),
          status: Number(third),
          how: fourth as CommandEnd,
        });
        return true;
      case 'step-end':
        this.#emit({ kind, step: first, status: Number(second) });
        return true;
      case 'done':
        this.#emit({ kind, uptimeS: Number(first) });
        return true;
      default:
        return false;
    }
  }
}
