import { startDateMs } from '../image-clock.ts';

/**
 * What v86 takes for the time and for chance, in the thread that it runs in. v86 has no seam for either: it binds
 * `performance.now` when it is loaded, and reads `Date`, `crypto.getRandomValues` and `Math.random` (for the network card's
 * address) as it goes. So this module must be loaded before v86; from then on both can be put in the place of the host's
 * own.
 */
export interface TimeSource {
  /** ms, never going back. */
  readonly now: () => number;
  /** ms since 1970. */
  readonly date: () => number;
  /** A random byte; null: the host's own chance. */
  readonly randomByte: (() => number) | null;
}

const HostDate = Date;
const hostRandom = crypto.getRandomValues.bind(crypto);
const hostFraction = Math.random;

/** ms by the host's own clock, whatever v86 takes for the time. */
export const hostNow: () => number = performance.now.bind(performance);

let source: TimeSource | null = null;

/** null: the host's own time and chance. */
export function setTimeSource(next: TimeSource | null): void {
  source = next;
}

class GuestDate extends HostDate {
  constructor(...parts: readonly unknown[]) {
    if (parts.length > 0) super(...(parts as [number]));
    else super((source ?? hostSource).date());
  }

  static override now(): number {
    return Math.floor((source ?? hostSource).date());
  }
}

performance.now = () => (source ?? hostSource).now();
globalThis.Date = GuestDate as DateConstructor;
crypto.getRandomValues = ((array: Uint8Array<ArrayBuffer>) => {
  const randomByte = source?.randomByte ?? null;
  if (randomByte === null) return hostRandom(array);
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = randomByte();
  return array;
}) as typeof crypto.getRandomValues;
Math.random = () => {
  const randomByte = source?.randomByte ?? null;
  return randomByte === null ? hostFraction() : (randomByte() * 256 + randomByte()) / 65536;
};

/** By how much the host's date is later than the last one at which a machine of the image can start. */
const lateByMs = HostDate.now() - startDateMs(HostDate.now());

/** The host's time and chance, of a machine that has stood still for so many ms. */
export function hostTimeBehind(ms: number): TimeSource {
  return { now: () => hostNow() - ms, date: () => hostSource.date(), randomByte: null };
}

const hostSource: Pick<TimeSource, 'now' | 'date'> = { now: hostNow, date: () => HostDate.now() - lateByMs };
