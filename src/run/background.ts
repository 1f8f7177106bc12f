import { shellQuote } from '../core/shell.ts';
import { backgroundId, type Background, type Ready } from '../study/background.ts';
import type { IndexedStep } from '../study/study-index.ts';

/** How long a process may take until it is ready, and to end, where the study does not say; in s. */
const defaultReadyS = 10;
const defaultStopS = 5;

/** A process in the background, and its place among those of its experiment. */
export interface PlacedBackground extends Background {
  readonly place: number;
  /** By which the journal knows it within its step. */
  readonly id: string;
}

/** The processes of an experiment's steps, numbered through. */
export function placeBackground(steps: readonly IndexedStep[]): ReadonlyMap<IndexedStep, readonly PlacedBackground[]> {
  let place = 0;
  return new Map(
    steps.map((each) => {
      const list = each.step.background ?? [];
      return [each, list.map((process, at) => ({ ...process, id: backgroundId(at + 1), place: (place += 1) }))];
    }),
  );
}

/** The line of a plan that starts it: see background.sh. */
export function startLine({ place, id, run, ready, limitSeconds = defaultReadyS }: PlacedBackground): string {
  const words = [run, ready === undefined ? '' : conditionOf(ready)].map(shellQuote);
  return `rf_background ${place} ${id} ${words.join(' ')} ${limitSeconds}`;
}

/** The line of a plan that stops it, if it was started. */
export function stopLine({ place, stop = 'TERM', stopSeconds = defaultStopS }: PlacedBackground): string {
  return `rf_stop ${place} ${stop} ${stopSeconds}`;
}

/** The longest time that it takes to be ready, in s: of these nothing is printed meanwhile. */
export function readinessLimits({ step }: IndexedStep): number[] {
  return (step.background ?? []).map(({ limitSeconds = defaultReadyS }) => limitSeconds);
}

/** A condition of the shell that needs nothing but what every guest has; `$rf_printed` is the file of what was printed. */
function conditionOf(ready: Ready): string {
  if ('succeeds' in ready) return ready.succeeds;
  if ('prints' in ready) return `grep -qF -e ${shellQuote(ready.prints)} "$rf_printed"`;
  return listeningCondition(ready);
}

/**
 * The sockets of a namespace as the kernel lists them (proc(5), /proc/net/tcp): local address and port in hex, those of the
 * other end, and the state, of which 0A is LISTEN, and 07 that of a socket of UDP without another end.
 */
function listeningCondition({ listens, in: namespace, udp = false }: Extract<Ready, { listens: number }>): string {
  const files = (udp ? ['udp', 'udp6'] : ['tcp', 'tcp6']).map((name) => `/proc/net/${name}`).join(' ');
  const port = listens.toString(16).toUpperCase().padStart(4, '0');
  const inside = namespace === undefined ? '' : `ip netns exec ${shellQuote(namespace)} `;
  return `${inside}cat ${files} 2>/dev/null | grep -q ': [0-9A-F]*:${port} [0-9A-F]*:0000 ${udp ? '07' : '0A'} '`;
}
