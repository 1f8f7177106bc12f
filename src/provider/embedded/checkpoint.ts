import { readFile, writeFile } from 'node:fs/promises';
import { HostError, messageOf } from '../../core/errors.ts';
import type { Checkpoint, ResumeOptions } from '../../core/guest.ts';
import type { BootImage } from '../image.ts';
import { connectGuest } from './guest.ts';
import { startMachine, type Machine } from './machine.ts';
import { commandLine, emulatorSettings } from './start.ts';
import { WaitingMachine, type ResumedMachine } from './waiting-machine.ts';

/** By which a guest is reached that was given them at its start. */
export interface GuestKeys {
  /** Base64 body. */
  readonly hostKey: string;
  /** PEM. */
  readonly privateKey: string;
}

/** A machine to which somebody is connected. */
interface ConnectedMachine extends GuestKeys {
  readonly machine: Machine;
}

/** Keeps states of a running machine: see OpenGuest.checkpoint. */
export function makeCheckpoint(
  image: BootImage,
  { machine, ...keys }: ConnectedMachine,
): (file: string) => Promise<Checkpoint> {
  return async (file) => {
    await write(file, await machine.save());
    return checkpointOf(image, keys, () => readFile(file));
  };
}

/**
 * A state as another machine can go on from it. Whoever was connected has gone there, and its SSH server is reached anew, by the
 * same keys.
 */
export function checkpointOf(
  image: BootImage,
  keys: GuestKeys,
  read: () => Promise<Uint8Array<ArrayBuffer>>,
): Checkpoint {
  const resume = async ({ onConsole, onPhase, signal }: ResumeOptions): Promise<ResumedMachine> => {
    onPhase('restoring');
    const settings = { ...emulatorSettings(image), commandLine, state: await read(), virtual: null };
    signal.throwIfAborted();
    const machine = startMachine(settings, { onConsole });
    try {
      onPhase('connecting');
      const checkpoint = makeCheckpoint(image, { machine, ...keys });
      const to = { ...keys, image: image.identity, start: 'resumed', signal, checkpoint } as const;
      return { machine, guest: await connectGuest(machine, to) };
    } catch (error) {
      await machine.stop();
      throw error;
    }
  };
  return {
    resume: async (options) => (await resume(options)).guest,
    ahead: () => new WaitingMachine(resume),
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
