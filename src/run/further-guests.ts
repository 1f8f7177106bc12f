import { GuestError } from '../core/errors.ts';
import type { GuestIdentity } from '../core/guest.ts';
import { withScope } from '../core/scope.ts';
import type { BegunRun } from './begin-run.ts';
import { bootGuest, type BootedGuest } from './boot.ts';
import type { Tell } from './events.ts';
import { GuestRun } from './guest-run.ts';
import type { GuestShare } from './guest-shares.ts';
import { nonceOf } from './nonce.ts';
import type { PartsOptions } from './run-parts.ts';
import { defaultSeed } from './terms.ts';
import { timePart } from './time-part.ts';

/** The cells that have a guest of their own, like the first one: its boot and its stop count as parts of them. */
export async function inFurtherGuests(
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
    // One of its own, which goes with its listeners: a run may have many guests.
    const signal = AbortSignal.any([ofRun]);
    const seed = asked.seed ?? defaultSeed;
    const terms = { ...asked, keep: false, ...(first.clock === 'virtual' ? { seed: seed + share.seedOffset } : {}) };
    const same = { ...choice, providers: [first.provider] } as const;
    const { guest } = await bootGuest({ loaded, choice: same, writer, tell, signal, asked: terms, failure });
    scope.defer('the guest could not be stopped', () => guest.stop());
    requireSameMachine(first.guest.identity, guest.identity);
    const { start, clock } = guest.identity;
    const experiments = share.experiments.map(({ id }) => id);
    events.tell({ kind: 'further-guest', experiments, start, seed: clock.kind === 'virtual' ? clock.seed : null });
    const inGuest = new GuestRun(guest, nonceOf(run, share, guest), run, { share, asksFacts: false }, signal);
    await inGuest.push();
    for (const experiment of share.experiments) await inGuest.runExperiment(experiment);
  });
}

/** A run has one machine, however often it is started. */
function requireSameMachine(first: GuestIdentity, other: GuestIdentity): void {
  const machineOf = ({ name, provider, image }: GuestIdentity): string => JSON.stringify([name, provider, image]);
  if (machineOf(first) === machineOf(other)) return;
  throw new GuestError('Another machine was started than for the experiments before.', 'Run again.');
}
