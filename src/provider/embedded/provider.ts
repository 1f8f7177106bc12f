import { totalmem } from 'node:os';
import { HostError } from '../../core/errors.ts';
import type { Guest } from '../../core/guest.ts';
import type { Availability, ClockTerms, Provider, StartOptions } from '../../core/provider.ts';
import { requireCurrentFolder } from '../host/current-folder.ts';
import { loadImage } from '../image.ts';
import { ownMachineTerms } from '../terms.ts';
import { embeddedCheckpoints } from './cached-checkpoint.ts';
import { prepareMachine } from './machine.ts';
import { SealedStart } from './sealed-start.ts';
import { EmbeddedStart } from './start.ts';
import { v86Version } from './v86-version.ts';

/** A run takes 500 to 570 MiB, Node itself included. */
const requiredHostMiB = 700;
const defaultBootDeadlineMs = 180_000;
const MiB = 1024 * 1024;

export interface EmbeddedOptions {
  /** Where image.json and its files are; by default the image that ships with the package. */
  readonly imageFolder?: string;
  /** How long the guest may take from its start until it says that sshd listens. */
  readonly bootDeadlineMs?: number;
}

const virtualClock: ClockTerms = { kind: 'virtual', keep: { state: 'yes' } };

/** A PC emulated in this very process by v86: needs no hypervisor and nothing installed. */
export function makeEmbeddedProvider(settings: EmbeddedOptions = {}): Provider {
  return {
    name: 'embedded',
    through: 'v86',
    description: `our mini image in a PC emulator inside Node (v86 ${v86Version}); runs anywhere`,
    terms: { ...ownMachineTerms, clocks: [virtualClock, ...ownMachineTerms.clocks] },
    available: () => Promise.resolve(availability()),
    prepare: prepareMachine,
    cachedCheckpoints: () => embeddedCheckpoints(settings.imageFolder),
    start: (options) => start(settings, options),
  };
}

export const embeddedProvider = makeEmbeddedProvider();

function availability(): Availability {
  const limit = process.constrainedMemory();
  const memory = Math.min(totalmem(), limit > 0 ? limit : Infinity) / MiB;
  if (memory >= requiredHostMiB) return { state: 'yes' };
  return {
    state: 'no',
    reason: `it needs ${requiredHostMiB} MiB of memory, and this machine has ${Math.floor(memory)} MiB`,
    hint: 'Raise the memory limit of the container or machine.',
  };
}

async function start(
  { imageFolder, bootDeadlineMs = defaultBootDeadlineMs }: EmbeddedOptions,
  options: StartOptions,
): Promise<Guest> {
  const available = availability();
  if (available.state === 'no') throw new HostError(`The embedded guest: ${available.reason}.`, available.hint);

  requireCurrentFolder();
  options.onPhase('loading');
  const image = await loadImage(imageFolder);
  options.signal.throwIfAborted();
  const start = options.clock === 'virtual' ? SealedStart : EmbeddedStart;
  return new start(image, bootDeadlineMs, options).start();
}
