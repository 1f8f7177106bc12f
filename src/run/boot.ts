import { GuestLeftError, HostError, messageOf } from '../core/errors.ts';
import type { ClockKind, Guest } from '../core/guest.ts';
import type { Provider, StartOptions } from '../core/provider.ts';
import { withoutFolders } from '../core/without-folders.ts';
import { layout } from '../evidence/layout.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Tell } from './events.ts';
import { defaultSeed, grantedClock, type AskedTerms } from './terms.ts';

/** The guests that a run may use, in the order in which they are tried. */
export interface GuestChoice {
  /** What the user asked for: a guest's name, or `auto`. */
  readonly asked: string;
  /** The better guests that cannot be had, each with the reason. */
  readonly passedOver: RunRecord['choice']['passedOver'];
  /** Only `auto` names more than one: a guest that the user named has no stand-in. */
  readonly providers: readonly [Provider, ...Provider[]];
}

export interface BootOptions {
  readonly loaded: LoadedStudy;
  readonly choice: GuestChoice;
  readonly writer: EvidenceWriter;
  readonly tell: Tell;
  readonly signal: AbortSignal;
  readonly asked: AskedTerms;
  /** Aborted by what goes wrong outside the flow: a byte of the console that cannot be written. */
  readonly failure: AbortController;
}

/** A guest, and how another one like it is had. */
export interface BootedGuest {
  readonly guest: Guest;
  readonly provider: Provider;
  readonly clock: ClockKind;
}

/**
 * Boots the first guest that starts, and tells what kept the ones before it from that. Rejects with the refusal of the last one
 * that could have started: a stand-in that is not at hand says nothing of what went wrong.
 */
export async function bootGuest(options: BootOptions): Promise<BootedGuest> {
  const { choice, tell, signal } = options;
  let refusal: unknown = null;
  for (const provider of choice.providers) {
    let isReady = refusal === null;
    try {
      const clock = grantedClock(provider, options.loaded.study, options.asked);
      if (!isReady) await requireReady(provider);
      isReady = true;
      return { guest: await start(provider, clock, options), provider, clock };
    } catch (error) {
      // The user must hear of a guest that may still run, also after an interrupt.
      if (signal.aborted) throw error instanceof GuestLeftError ? error : signal.reason;
      if (isReady) refusal = error;
      if (provider === choice.providers.at(-1)) break;
      tell({ kind: 'guest-failed', guest: provider.name, reason: messageOf(error) });
    }
  }
  throw refusal;
}

/** A stand-in has to be at hand: nobody was asked about another download. */
async function requireReady(provider: Provider): Promise<void> {
  const availability = await provider.available();
  if (availability.state === 'no') throw new HostError(`${availability.reason}.`, availability.hint);
  if ((await provider.hasImage?.()) !== false) return;
  throw new HostError('Its image is not here.', `Get it beforehand: \`refigure guests fetch ${provider.name}\`.`);
}

function start(provider: Provider, clock: ClockKind, options: BootOptions): Promise<Guest> {
  const { writer, tell, signal, asked } = options;
  const { onConsole, onPhase } = hearGuest(options);
  let seconds = 0;
  return provider.start({
    signal,
    clock,
    seed: asked.seed ?? defaultSeed,
    keep: asked.keep,
    cold: asked.cold,
    onConsole,
    onTime: (atMs) => {
      const now = Math.floor(atMs / 1000);
      if (now > seconds) tell({ kind: 'guest-time', seconds: now });
      seconds = Math.max(seconds, now);
    },
    onPhase,
    onNote: (note) => {
      const text = withoutFolders(note, writer.folder);
      onConsole(Buffer.from(`refigure: ${text}\n`));
      tell({ kind: 'guest-note', text });
    },
  });
}

/** What is heard of a guest that starts. */
export function hearGuest({
  writer,
  tell,
  failure,
}: Pick<BootOptions, 'writer' | 'tell' | 'failure'>): Pick<StartOptions, 'onConsole' | 'onPhase'> {
  return {
    onConsole: (bytes) => {
      try {
        writer.append(layout.console, bytes);
      } catch (error) {
        failure.abort(error);
      }
    },
    onPhase: (phase, at) => {
      tell({ kind: 'boot', phase, at: at ?? null });
    },
  };
}
