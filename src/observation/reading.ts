import type { Reading, UnreadLine } from './types.ts';

/** A line of a capture, without its line ending; `number` counts from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** Ends the reading of a capture. Thrown by `refuse`, caught by `reading`, never seen outside this folder. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly line: number | null;

  /** Without a stack, which nobody sees: a capture may hold a million lines, each of which is refused. */
  constructor(reason: string, line: number | null) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(reason);
    Error.stackTraceLimit = stackTraceLimit;
    this.line = line;
  }
}

export function refuse(reason: string, line: Line | null): never {
  throw new Refusal(reason, line?.number ?? null);
}

/**
 * Runs a parser over the lines of a capture, and turns what it refuses into an `unreadable` reading; what it refuses of one
 * line alone (`unread`) makes it a reading of the others.
 *
 * Every tool read here ends its last line, so a capture whose last line has no end was cut off, and its last number
 * may lack digits: it is refused before the parser sees it.
 */
export function reading<T extends { readonly kind: string }>(
  text: string,
  parse: (lines: readonly Line[], unread: Unread) => T,
): Reading<T> {
  const unread = new Unread();
  try {
    const lines = text.split('\n').map((part, at) => ({ number: at + 1, text: withoutReturns(part) }));
    const rest = lines.pop();
    if (rest !== undefined && rest.text !== '') {
      refuseMessage(rest);
      refuse(`cut off in its last line: ${rest.text}`, rest);
    }
    const observation = parse(lines, unread);
    const [first, ...others] = unread.inOrder();
    if (first === undefined) return { state: 'read', observation };
    return { state: 'partly', observation, unread: [first, ...others] };
  } catch (error) {
    if (error instanceof Refusal) return { state: 'unreadable', reason: error.message, line: error.line };
    throw error;
  }
}

/** A tool of the study's need not end its last line, which `reading` else takes for cut off. */
export function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Why a capture is not read, or not as a whole. */
export function whyNotRead(reading: Exclude<Reading<{ readonly kind: string }>, { state: 'read' }>): string {
  return reading.state === 'partly' ? reading.unread[0].reason : reading.reason;
}

/** The lines of a capture that could not be read, beside those that could. */
export class Unread {
  readonly #lines: UnreadLine[] = [];
  readonly #numbers = new Set<number>();

  /** What is read, or (where that is refused) nothing: then the line is unread, by the reason of the refusal. */
  attempt<R>(line: Line, read: () => R): R | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.add(line, error.message);
      return null;
    }
  }

  /** What each line holds. Where none of them can be read, the capture cannot: the first says why. */
  each<R>(lines: readonly Line[], read: (line: Line) => readonly R[]): R[] {
    const found = lines.flatMap((line) => this.attempt(line, () => read(line)) ?? []);
    const [first] = this.#lines;
    if (found.length === 0 && first !== undefined) throw new Refusal(first.reason, first.line);
    return found;
  }

  add({ number }: Line, reason: string): void {
    this.#lines.push({ line: number, reason });
    this.#numbers.add(number);
  }

  has({ number }: Line): boolean {
    return this.#numbers.has(number);
  }

  get size(): number {
    return this.#lines.length;
  }

  inOrder(): UnreadLine[] {
    return this.#lines.toSorted((a, b) => a.line - b.line);
  }
}

/** A loop: a regular expression would begin anew at each of many. */
function withoutReturns(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\r') end -= 1;
  return text.slice(0, end);
}

/** Refuses a line that is not `what` was looked for; where it is a tool's own message, in the tool's words alone. */
export function refuseLine(line: Line, what: string): never {
  refuseMessage(line);
  return refuse(`not ${what}: ${line.text}`, line);
}

/**
 * Bytes that were no UTF-8 (U+FFFD once decoded) and control characters: none of the tools print them, except ping
 * when it floods. A line that holds one was damaged, and what is left of it may mean something else.
 */
export function isDamaged(line: Line): boolean {
  return /[\0-\x08\x0b-\x1f\x7f\ufffd]/.test(line.text);
}

export function refuseDamaged(line: Line): void {
  if (isDamaged(line)) refuse('holds bytes that are no text', line);
}

/** A count, an index, a metric: digits only, and few enough to be exact. */
export function wholeNumber(digits: string | undefined, line: Line): number {
  const value = Number(digits);
  if (digits === undefined || !/^\d+$/.test(digits) || !Number.isSafeInteger(value)) {
    refuseLine(line, `a line with a whole number${digits === undefined ? '' : ` (${digits})`}`);
  }
  return value;
}

/** How the tools, the shell and the kernel's answers begin when something went wrong. */
const messageOpenings =
  /^(?:Cannot |Device "|RTNETLINK answers|Error: |Object "|Command |Usage: |Failed |Dump |Unknown |Invalid |open\(|socket|request send|setting the network namespace|mount of |(?:\S*\/)?(?:ip|ping|route|busybox): |connect: )|: (?:command )?not found$|: Permission denied$|: Operation not permitted$/;

function refuseMessage(line: Line): void {
  if (messageOpenings.test(line.text) && !isDamaged(line)) refuse(line.text.trimEnd(), line);
}
