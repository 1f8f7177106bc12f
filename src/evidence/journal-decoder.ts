/** What the journal says, as its bytes arrive. The format is described in src/run/journal.sh. Times are in seconds. */
export type JournalEvent =
  | { readonly kind: 'header'; readonly format: JournalFormat }
  | { readonly kind: 'clock'; readonly epochS: number; readonly uptimeS: number }
  | { readonly kind: 'step'; readonly step: string; readonly purpose: StepPurpose }
  | {
      readonly kind: 'start';
      readonly number: number;
      /** Which command of its step it is; null in a journal of format 1, which does not say. */
      readonly id: string | null;
      /** The namespace that a probe looks into; null for one of the root namespace, and for commands of the study. */
      readonly subject: string | null;
      readonly text: string;
      readonly uptimeS: number;
      /** Where in the journal what it prints begins, in bytes. */
      readonly outputAt: number;
    }
  /** A process in the background begins; what it prints comes when it has been stopped. */
  | {
      readonly kind: 'background';
      readonly number: number;
      readonly id: string;
      readonly text: string;
      readonly uptimeS: number;
    }
  /** It is ready, or it will not be. */
  | { readonly kind: 'ready'; readonly number: number; readonly uptimeS: number; readonly how: Readiness }
  /** What it printed follows, from there on in the journal, in bytes. `cut`: it printed more than that. */
  | { readonly kind: 'printed'; readonly number: number; readonly outputAt: number; readonly cut: boolean }
  | { readonly kind: 'output'; readonly number: number; readonly stream: Stream; readonly bytes: Buffer }
  | {
      readonly kind: 'end';
      readonly number: number;
      readonly uptimeS: number;
      readonly status: number;
      readonly how: CommandEnd;
    }
  | { readonly kind: 'step-end'; readonly step: string; readonly purpose: StepPurpose; readonly status: number }
  | { readonly kind: 'done'; readonly uptimeS: number }
  /** Output that belongs to no command, as of a process that an earlier command left behind. */
  | { readonly kind: 'stray'; readonly bytes: Buffer };

/**
 * Commands of the `study`; the network observed after a step (`topology`); the guest asked for what an experiment `needs`, what
 * it has `left` behind, or what the guest is (`facts`).
 */
export type StepPurpose = 'study' | 'topology' | 'needs' | 'left' | 'facts';

/** Of a process in the background: `ready`, too `late`, or it `ended` before it was. */
export type Readiness = 'ready' | 'late' | 'ended';

/** `both`: the two streams in one, in the order of their bytes. `error`: standard error kept apart. */
export type Stream = 'both' | 'error';

/**
 * `exited` by itself, ended by its time `limit`, or `left` when the step's shell ended in its midst. In the background:
 * `exited` before it was `stopped` by its signal, or `killed`, since it did not mind that.
 */
export type CommandEnd = 'exited' | 'limit' | 'left' | 'stopped' | 'killed';

type Place = { readonly at: 'between' } | { readonly at: 'text' | 'both' | 'error'; readonly number: number };

/** Of the journal: see src/run/journal.sh. */
export type JournalFormat = 1 | 2 | 3;

/** What a `command` mark says of the command. */
interface Named {
  readonly id: string | null;
  readonly subject: string | null;
}

/** A mark is one short line, and so is the header; what is longer is none. */
const maxMarkBytes = 512;
/**
 * The fields of each kind of mark, by the journal's format; what has others is no mark. A number with more digits than one
 * can have (a time of more than 31 years) is none.
 */
const commonFields: readonly (readonly [string, RegExp])[] = [
  ['clock', /^\d{1,11} \d{1,9}\.\d{1,9}$/],
  ['run', /^\d{1,9} \d{1,9}\.\d{1,9}$/],
  ['stderr', /^\d{1,9}$/],
  ['end', /^\d{1,9} \d{1,9}\.\d{1,9} \d{1,3} (?:exited|limit|left)$/],
  ['step-end', /^\S+ \d{1,3}$/],
  ['done', /^\d{1,9}\.\d{1,9}$/],
];
const markFields: Readonly<Record<JournalFormat, ReadonlyMap<string, RegExp>>> = {
  1: new Map([...commonFields, ['step', /^\S+$/], ['command', /^\d{1,9}$/]]),
  2: new Map([...commonFields, ['step', /^\S+ (?:study|topology|facts)$/], ['command', /^\d{1,9} \S+(?: .+)?$/]]),
  3: new Map([
    ...commonFields,
    ['step', /^\S+ (?:study|topology|needs|left|facts)$/],
    ['command', /^\d{1,9} \S+(?: .+)?$/],
    ['background', /^\d{1,9} b\d{1,9}$/],
    ['started', /^\d{1,9} \d{1,9}\.\d{1,9}$/],
    ['ready', /^\d{1,9} \d{1,9}\.\d{1,9} (?:ready|late|ended)$/],
    ['output', /^\d{1,9} (?:whole|cut)$/],
    ['end', /^\d{1,9} \d{1,9}\.\d{1,9} \d{1,3} (?:exited|limit|left|stopped|killed)$/],
  ]),
};
const newline = 0x0a;

/** Decodes a journal incrementally: memory stays flat in the size of the output. Never throws on bad bytes. */
export class JournalDecoder {
  readonly #emit: (event: JournalEvent) => void;
  #pending = Buffer.alloc(0);
  /** Where in the journal the pending bytes begin. */
  #offset = 0;
  #marker: Buffer | null = null;
  #format: JournalFormat = 3;
  #purpose: StepPurpose = 'study';
  #lastMark = 0;
  #place: Place = { at: 'between' };
  #text: Buffer[] = [];
  #named: Named = { id: null, subject: null };

  constructor(emit: (event: JournalEvent) => void) {
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    if (this.#marker === null && !this.#readHeader()) return;
    while (this.#step(false));
  }

  /** What is held back begins with a newline, of the output or of a mark: either way the output's last line is whole. */
  get endsLine(): boolean {
    return this.#pending[0] === newline;
  }

  /** The journal ends here, whole or cut off: what was held back as the possible beginning of a mark is output. */
  end(): void {
    if (this.#marker !== null) while (this.#step(true));
    this.#data(this.#pending);
    this.#pending = Buffer.alloc(0);
  }

  #readHeader(): boolean {
    const end = this.#pending.indexOf(newline);
    if (end < 0 && this.#pending.length <= maxMarkBytes) return false;
    const line = end < 0 || end > maxMarkBytes ? '' : this.#pending.toString('latin1', 0, end);
    const [, format, nonce] = /^refigure-journal ([123]) (\S+)$/.exec(line) ?? [];
    this.#format = format === undefined ? 3 : (Number(format) as JournalFormat);
    // Without a header no mark can be told from output; then everything is stray.
    this.#marker = Buffer.from(`#${nonce ?? '\u0000'} `, 'latin1');
    if (nonce !== undefined) this.#take(end + 1);
    this.#emit({ kind: 'header', format: this.#format });
    return true;
  }

  /** Takes one stretch of output or one mark from the pending bytes; false when more bytes are needed. */
  #step(atEnd: boolean): boolean {
    const marker = this.#marker ?? Buffer.alloc(0);
    const found = this.#pending.indexOf(marker);
    if (found < 0) {
      this.#data(this.#take(beginningOf(marker, this.#pending)));
      return false;
    }
    const start = found > 0 && this.#pending[found - 1] === newline ? found - 1 : found;
    this.#data(this.#take(start));
    return this.#tryMark(found - start + marker.length, atEnd);
  }

  /** The pending bytes begin with a marker, of `length` bytes with the newline before it. */
  #tryMark(length: number, atEnd: boolean): boolean {
    const end = this.#pending.indexOf(newline, length);
    if (end < 0 && !atEnd && this.#pending.length <= maxMarkBytes) return false;
    const line = end < 0 || end > maxMarkBytes ? null : this.#pending.toString('latin1', length, end);
    if (line !== null && this.#mark(line, this.#offset + end + 1)) this.#take(end + 1);
    else this.#data(this.#take(length)); // looks like a mark and is none
    return true;
  }

  #take(bytes: number): Buffer {
    const taken = this.#pending.subarray(0, bytes);
    this.#pending = this.#pending.subarray(bytes);
    this.#offset += taken.length;
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

  /** Takes a mark over if it is one and its number is new; `after` it the journal goes on. */
  #mark(line: string, after: number): boolean {
    const [, number = '', kind = '', fields = ''] = /^(\d{1,15}) ([a-z-]+) (.*)$/.exec(line) ?? [];
    if (number === '' || Number(number) <= this.#lastMark || markFields[this.#format].get(kind)?.test(fields) !== true)
      return false;
    this.#lastMark = Number(number);
    this.#handle(kind, fields, after);
    return true;
  }

  #handle(kind: string, fields: string, after: number): void {
    const [first = '', second = '', third = '', fourth = ''] = fields.split(' ');
    switch (kind) {
      case 'clock':
        this.#emit({ kind, epochS: Number(first), uptimeS: Number(second) });
        break;
      case 'step':
        this.#purpose = purposeOf(first, second);
        this.#emit({ kind, step: stepOf(first, this.#purpose), purpose: this.#purpose });
        break;
      case 'background':
      case 'command':
        this.#place = { at: 'text', number: Number(first) };
        this.#text = [];
        this.#named = namedIn(fields);
        break;
      case 'run': {
        const text = Buffer.concat(this.#text).toString('utf8');
        this.#place = { at: 'both', number: Number(first) };
        this.#emit({
          kind: 'start',
          number: Number(first),
          ...this.#named,
          text,
          uptimeS: Number(second),
          outputAt: after,
        });
        break;
      }
      case 'started':
        this.#emit({
          kind: 'background',
          number: Number(first),
          id: this.#named.id ?? '',
          text: Buffer.concat(this.#text).toString('utf8'),
          uptimeS: Number(second),
        });
        this.#place = { at: 'between' };
        break;
      case 'ready':
        this.#emit({ kind, number: Number(first), uptimeS: Number(second), how: third as Readiness });
        break;
      case 'output':
        this.#place = { at: 'both', number: Number(first) };
        this.#emit({ kind: 'printed', number: Number(first), outputAt: after, cut: second === 'cut' });
        break;
      case 'stderr':
        this.#place = { at: 'error', number: Number(first) };
        // Also when nothing follows: that it was kept apart, and was empty, is part of the record.
        this.#emit({ kind: 'output', number: Number(first), stream: 'error', bytes: Buffer.alloc(0) });
        break;
      case 'end':
        this.#place = { at: 'between' };
        this.#emit({
          kind,
          number: Number(first),
          uptimeS: Number(second),
          status: Number(third),
          how: fourth as CommandEnd,
        });
        break;
      case 'step-end':
        this.#emit({
          kind,
          step: stepOf(first, this.#purpose),
          purpose: this.#purpose,
          status: Number(second),
        });
        break;
      case 'done':
        this.#emit({ kind, uptimeS: Number(first) });
        break;
    }
  }
}

/** ID and subject in the fields of a `command` mark; the subject may hold blanks. */
function namedIn(fields: string): Named {
  const [, id, subject] = /^\d+ (\S+)(?: (.+))?$/.exec(fields) ?? [];
  const bytes = subject === undefined ? null : Buffer.from(subject, 'latin1').toString('utf8');
  return { id: id ?? null, subject: bytes };
}

/** In format 1 it is told by the step's name, which no study could give. */
function purposeOf(step: string, purpose: string): StepPurpose {
  if (purpose === 'study' || purpose === 'topology' || purpose === 'needs' || purpose === 'left' || purpose === 'facts')
    return purpose;
  return step === 'facts' ? 'facts' : step.endsWith(topologySuffix) ? 'topology' : 'study';
}

/** Format 1 called the step that observes the network after a step so; the study's own ids have no colon. */
const topologySuffix = ':topology';

function stepOf(step: string, purpose: StepPurpose): string {
  return purpose === 'topology' && step.endsWith(topologySuffix) ? step.slice(0, -topologySuffix.length) : step;
}

/** Where the bytes end in what may be the beginning of a mark, or of the newline before it; their length if nowhere. */
function beginningOf(marker: Buffer, bytes: Buffer): number {
  for (let start = Math.max(0, bytes.length - marker.length); start < bytes.length; start++) {
    const rest = bytes.subarray(bytes[start] === newline ? start + 1 : start);
    if (rest.equals(marker.subarray(0, rest.length))) return start;
  }
  return bytes.length;
}
