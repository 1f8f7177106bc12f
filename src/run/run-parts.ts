import { randomBytes } from 'node:crypto';
import { GuestError } from '../core/errors.ts';
import type { Guest, GuestIdentity, OpenGuest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import { withScope, type Scope } from '../core/scope.ts';
import type { RunPart } from '../evidence/run-record.ts';
import { studyDigest } from '../study/digest.ts';
import type { BegunRun } from './begin-run.ts';
import { bootGuest, type BootedGuest, type GuestChoice } from './boot.ts';
import { BorrowedMachine, requireMakes } from './borrowed-machine.ts';
import type { Tell } from './events.ts';
import { GuestRun } from './guest-run.ts';
import { guestShares, requireCleanGuests, type GuestShare } from './guest-shares.ts';
import { guestFolders } from './plan.ts';
import { placeText } from './selection.ts';
import { defaultSeed, type AskedTerms } from './terms.ts';
import { timePart } from './time-part.ts';

export interface RunOptions {
  readonly choice: GuestChoice;
  readonly signal: AbortSignal;
  /** Whether to leave the guest running when all went well, and what else is asked of it. */
  readonly asked: AskedTerms;
  /** Owns a guest that is kept, and stops it when it is closed. */
  readonly keeper: Scope;
}

export interface PartsOptions extends RunOptions {
  readonly failure: AbortController;
  /** Of the run: it restores what was borrowed, then stops the guest. */
  readonly scope: Scope;
}

/**
 * Runs everything in as many guests as it wants, one after the other. Resolves with the first one where it is kept: by a run
 * that is whole, for nobody would stop it otherwise.
 */
export async function runParts(run: BegunRun, options: PartsOptions): Promise<OpenGuest | null> {
  const shares = guestShares(run.selection.experiments);
  requireCleanGuests(shares, options.choice.providers);
  const [first, ...others] = shares;
  if (others.length === 0 || options.asked.keep) {
    const { kept, guest } = await inFirstGuest(run, first, options);
    await inFurtherGuests(run, others, guest, options);
    return kept;
  }
  const { guest } = await withScope((scope) => inFirstGuest(run, first, { ...options, scope }));
  await inFurtherGuests(run, others, guest, options);
  return null;
}

interface FirstGuest {
  readonly guest: BootedGuest;
  readonly kept: OpenGuest | null;
}

async function inFirstGuest(run: BegunRun, share: GuestShare, options: PartsOptions): Promise<FirstGuest> {
  const { signal, scope, asked, keeper } = options;
  const { writer, events } = run;
  const { tell } = events;
  const time = <T>(part: RunPart, work: () => Promise<T>): Promise<T> => timePart(tell, part, work);
  const booted = await time({ part: 'boot' }, () => bootGuest({ ...options, loaded: run.loaded, writer, tell }));
  const { guest } = booted;
  const stays = scope.defer(notStopped, () => time({ part: 'stop' }, () => guest.stop()));
  tell({ kind: 'guest-ready', guest: guest.identity });
  const nonce = nonceOf(run, share, guest);
  if (!guest.sealed && guest.identity.ownership === 'borrowed') {
    const machine = new BorrowedMachine(guest, requireMakes(run.loaded.study), guestFolders(nonce));
    scope.defer('the machine could not be left as it was', async () => {
      const differences = await time({ part: 'restore' }, () => machine.restore());
      if (differences.length > 0) tell({ kind: 'machine-differs', differences });
    });
    await time({ part: 'examine' }, () => machine.examine(signal));
  }
  const inGuest = new GuestRun(guest, nonce, run, { share, asksFacts: true }, signal);
  await time({ part: 'push' }, () => inGuest.push());
  for (const experiment of share.experiments) {
    const part = { part: 'experiment', experiment: experiment.id } as const;
    await time(part, () => inGuest.runExperiment(experiment));
  }
  // Last: under an emulator the questions take a second or two, for which nobody wants to wait at the start.
  await time({ part: 'facts' }, () => inGuest.askFacts());
  if (!asked.keep) return { guest: booted, kept: null };
  const opened = guest.sealed ? await time({ part: 'open' }, () => inGuest.open(signal)) : guest;
  keeper.defer(notStopped, () => guest.stop());
  stays();
  return { guest: booted, kept: opened };
}

/** The cells that have a guest of their own: its boot and its stop count as parts of them. */
async function inFurtherGuests(
  run: BegunRun,
  shares: readonly GuestShare[],
  first: BootedGuest,
  options: PartsOptions,
): Promise<void> {
  for (const share of shares) {
    for (const experiment of share.experiments) {
      const part = { part: 'experiment', experiment: experiment.id } as const;
      await timePart(run.events.tell, part, () => inFurtherGuest(run, share, first, options));
    }
  }
}

async function inFurtherGuest(
  run: BegunRun,
  share: GuestShare,
  first: BootedGuest,
  { asked, signal: ofRun, failure, choice }: PartsOptions,
): Promise<void> {
  const { writer, loaded, events } = run;
  const tell: Tell = (event) => {
    if (event.kind !== 'boot') events.tell(event);
  };
  await withScope(async (scope) => {
    const signal = signalWithin(scope, ofRun);
    const seed = asked.seed ?? defaultSeed;
    const terms = { ...asked, keep: false, ...(first.clock === 'virtual' ? { seed: seed + share.seedOffset } : {}) };
    const same = { ...choice, providers: [first.provider] } as const;
    const { guest } = await bootGuest({ loaded, choice: same, writer, tell, signal, asked: terms, failure });
    scope.defer(notStopped, () => guest.stop());
    requireSameMachine(first.guest.identity, guest.identity);
    events.tell({ kind: 'further-guest', experiments: share.experiments.map(({ id }) => id), guest: guest.identity });
    const inGuest = new GuestRun(guest, nonceOf(run, share, guest), run, { share, asksFacts: false }, signal);
    await inGuest.push();
    for (const experiment of share.experiments) await inGuest.runExperiment(experiment);
  });
}

/** The same signal, whose listeners go with the scope: a run may have many guests. */
function signalWithin(scope: Scope, signal: AbortSignal): AbortSignal {
  const own = new AbortController();
  const abort = (): void => {
    own.abort(signal.reason);
  };
  signal.addEventListener('abort', abort);
  scope.defer('an interrupt is still listened for', () => {
    signal.removeEventListener('abort', abort);
  });
  if (signal.aborted) abort();
  return own.signal;
}

/** A run has one machine, however often it is started. */
function requireSameMachine(first: GuestIdentity, other: GuestIdentity): void {
  const machineOf = ({ name, provider, image }: GuestIdentity): string => JSON.stringify([name, provider, image]);
  if (machineOf(first) === machineOf(other)) return;
  throw new GuestError('Another machine was started than for the experiments before.', 'Run again.');
}

/**
 * By what the marks of this run are known. In a sealed guest every byte must follow from the study and the seed; elsewhere no
 * two runs may meet.
 */
function nonceOf(
  { loaded, selection: { until } }: BegunRun,
  { experiments }: GuestShare,
  { identity: { clock } }: Guest,
): string {
  if (clock.kind === 'real') return randomBytes(nonceBytes).toString('hex');
  const ran = [
    studyDigest(loaded.files),
    clock.seed,
    ...experiments.map(({ id }) => id),
    ...(until === null ? [] : [placeText(until)]),
  ];
  return sha256(ran.join('\n')).slice(0, 2 * nonceBytes);
}

const nonceBytes = 12;

const notStopped = 'the guest could not be stopped';
