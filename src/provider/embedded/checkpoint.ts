import { readFile, writeFile } from 'node:fs/promises';
import { HostError, messageOf } from '../../core/errors.ts';
import type { Checkpoint, OpenGuest } from '../../core/guest.ts';
import type { BootImage } from '../image.ts';
import { connectGuest } from './guest.ts';
import { startMachine, type Machine } from './machine.ts';
import { commandLine, emulatorSettings } from './start.ts';

/** A machine to which somebody is connected. */
interface ConnectedMachine {
  readonly machine: Machine;
  /** Base64 body. */
  readonly hostKey: string;
  /** PEM. */
  readonly privateKey: string;
}

/**
 * Keeps states of a running machine: see OpenGuest.checkpoint. In a machine that is resumed from one, whoever was connected
 * has gone, and its SSH server is reached anew, by the same keys: no state leaves the process that made it.
 */
export function makeCheckpoint(
  image: BootImage,
  { machine, hostKey, privateKey }: ConnectedMachine,
): (file: string) => Promise<Checkpoint> {
  return async (file) => {
    await write(file, await machine.save());
    return {
      resume: async ({ onConsole, onPhase, signal }): Promise<OpenGuest> => {
        onPhase('restoring');
        const state = await readFile(file);
        const settings = { ...emulatorSettings(image), commandLine, state, virtual: null };
        const resumed = startMachine(settings, { onConsole });
        try {
          onPhase('connecting');
          const checkpoint = makeCheckpoint(image, { machine: resumed, hostKey, privateKey });
          const start = 'resumed';
          return await connectGuest(resumed, { hostKey, privateKey, image: image.identity, start, signal, checkpoint });
        } catch (error) {
          await resumed.stop();
          throw error;
        }
      },
    };
  };
}

async function write(file: string, state: Uint8Array): Promise<void> {
  try {
    await writeFile(file, state, { mode: 0o600 });
  } catch (error) {
    throw new HostError(`A state of the guest cannot be kept: ${messageOf(error)}`, 'Make room, or set TMPDIR.', {
      cause: error,
    });
  }
}
