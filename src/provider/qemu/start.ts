import { GuestError, HostError, messageOf } from '../../core/errors.ts';
import type { Guest } from '../../core/guest.ts';
import type { StartOptions } from '../../core/provider.ts';
import { withoutFolders } from '../../core/without-folders.ts';
import { accelerators, acceleratorNames, type Accelerator } from './accelerators.ts';
import { lifelessFile, noteLifeless, wasLifeless } from './lifeless.ts';
import { makeMachineFolder, reclaimMachines } from './machine-folder.ts';
import { findQemu, type FoundQemu, type QemuProgram } from './program.ts';

export interface QemuSettings {
  readonly findQemu?: () => Promise<FoundQemu>;
  /** The fastest first; by default those that are worth a try on this host. */
  readonly accelerators?: readonly Accelerator[];
  /** How long a guest may print nothing under an accelerator, in ms, until the next one is tried. */
  readonly lifeLimitMs?: number;
}

/** One machine to be started under one accelerator. */
export interface Attempt {
  readonly program: QemuProgram;
  readonly accelerator: Accelerator;
  /** The machine's own folder, which is removed with it. */
  readonly folder: string;
  readonly removeFolder: () => Promise<void>;
  /** Whether a machine of it has printed anything: it lives. */
  readonly hasPrinted: () => boolean;
  /** As of the start; but its signal is also aborted when the guest shows no life. */
  readonly options: StartOptions;
}

/** Under a hypervisor a kernel prints its first line within a second or two. */
const defaultLifeLimitMs = 6000;

/**
 * The accelerators that a start will try, without those under which a guest showed no life of late: the fastest first, and
 * the last one in any case.
 */
export async function promisingAccelerators(settings: QemuSettings): Promise<[Accelerator, ...Accelerator[]]> {
  const found = await (settings.findQemu ?? findQemu)();
  const candidates = settings.accelerators ?? (await accelerators());
  const [last = 'tcg', ...others] = candidates.toReversed();
  const promising: [Accelerator, ...Accelerator[]] = [last];
  for (const accelerator of others) {
    if (found.state === 'found' && (await wasLifeless(accelerator, found.program.version))) continue;
    promising.unshift(accelerator);
  }
  return promising;
}

/**
 * Starts a machine under the first accelerator under which it shows life: that an accelerator can be opened proves
 * nothing. Where its clock is to be virtual that is software emulation, which alone counts instructions. When `start`
 * rejects, it has ended what it started.
 */
export async function startUnderAny(
  settings: QemuSettings,
  options: StartOptions,
  start: (attempt: Attempt) => Promise<Guest>,
): Promise<Guest> {
  const found = await (settings.findQemu ?? findQemu)();
  if (found.state === 'missing') throw new HostError(`${found.reason}.`, found.hint);
  await reclaimMachines();
  const { program } = found;
  const all = settings.accelerators ?? (await accelerators());
  const candidates: readonly Accelerator[] = options.clock === 'virtual' ? ['tcg'] : all;
  const lifeless: Accelerator[] = [];
  for (const accelerator of candidates) {
    const isLast = accelerator === candidates.at(-1);
    const say = (what: string): void => {
      options.onNote(`no guest under ${acceleratorNames[accelerator]}: ${what}`);
    };
    if (!isLast && (await wasLifeless(accelerator, program.version))) {
      say(`one showed no life of late; to try again, remove ${withoutFolders(lifelessFile())}`);
      continue;
    }
    const attempt = await makeAttempt(program, accelerator, options);
    const watch = isLast ? null : watchForLife(attempt, settings.lifeLimitMs ?? defaultLifeLimitMs);
    try {
      return await start({ ...attempt, options: { ...attempt.options, signal: watch?.signal ?? options.signal } });
    } catch (error) {
      await attempt.removeFolder();
      options.signal.throwIfAborted();
      if (isLast || attempt.hasPrinted()) throw error;
      lifeless.push(accelerator);
      say(messageOf(error));
    } finally {
      watch?.end();
      // Only where the machine lives under another one: what it is made of may be what is wrong with it.
      for (const each of attempt.hasPrinted() ? lifeless : []) await noteLifeless(each, program.version);
    }
  }
  throw new HostError('No accelerator was named.', 'Name one.');
}

async function makeAttempt(program: QemuProgram, accelerator: Accelerator, options: StartOptions): Promise<Attempt> {
  const { path, remove } = await makeMachineFolder();
  let hasPrinted = false;
  const onConsole = (chunk: Buffer): void => {
    hasPrinted = true;
    options.onConsole(chunk);
  };
  return {
    program,
    accelerator,
    folder: path,
    removeFolder: remove,
    hasPrinted: () => hasPrinted,
    options: { ...options, onConsole },
  };
}

function watchForLife(
  { accelerator, hasPrinted, options }: Attempt,
  limitMs: number,
): { readonly signal: AbortSignal; end: () => void } {
  const lifeless = new AbortController();
  const timer = setTimeout(() => {
    if (hasPrinted()) return;
    const message = `the guest showed no life within ${limitMs / 1000} s under ${acceleratorNames[accelerator]}.`;
    lifeless.abort(new GuestError(message, 'Run again.'));
  }, limitMs);
  return {
    signal: AbortSignal.any([options.signal, lifeless.signal]),
    end: () => {
      clearTimeout(timer);
    },
  };
}
