/**
 * Ends a guest in the way named on the command line, and then does nothing more: the process must come to its end by
 * itself, with nothing of the guest left that would hold it. What it prints is for the test.
 */
import type { BootPhase } from '../../src/core/provider.ts';
import { embeddedProvider } from '../../src/provider/embedded/provider.ts';
import { ask, bootGuest, silentStart } from './booted-guest.ts';

async function abortAt(phase: BootPhase): Promise<string> {
  const aborting = new AbortController();
  const reason = new Error('enough');
  try {
    await embeddedProvider.start({
      ...silentStart,
      signal: aborting.signal,
      cold: true,
      onPhase: (reached) => {
        if (reached === phase) aborting.abort(reason);
      },
    });
    return 'it booted all the same';
  } catch (error) {
    return error === reason ? 'rejected with the reason' : String(error);
  }
}

const endings: Record<string, () => Promise<string>> = {
  stop: async () => {
    const guest = await bootGuest();
    await ask(guest, 'true');
    await Promise.all([guest.stop(), guest.stop()]);
    await guest.stop();
    return 'stopped';
  },
  'stop with a command running': async () => {
    const guest = await bootGuest();
    const running = guest.execute('sleep 1000').then(
      () => 'it ended as if by itself',
      (error: unknown) => String(error),
    );
    await ask(guest, 'true');
    await guest.stop();
    return running;
  },
  'abort while loading': () => abortAt('loading'),
  'abort while booting': () => abortAt('booting'),
  'abort while connecting': () => abortAt('connecting'),
};

const printed = await endings[process.argv[2] ?? '']?.();
console.log(printed);
