import { readFile } from 'node:fs/promises';
import { ConnectionLostError, GuestError, GuestLeftError, UsageError } from '../core/errors.ts';
import type { GuestTransport } from '../core/transport.ts';
import { packagePath } from '../core/package.ts';
import { shellQuote } from '../core/shell.ts';
import type { Makes, Study } from '../study/schema.ts';
import { differences, readMachineState, type MachineState } from './machine-state.ts';
import { runVariable, type GuestFolders } from './plan.ts';

/** What a study makes; throws UsageError where it does not say so. To be asked before anything is touched. */
export function requireMakes({ id, makes }: Study): Makes {
  if (makes !== undefined) return makes;
  throw new UsageError(
    `The study ${id} does not declare what it makes, so nobody could remove it from your machine again.`,
    'Declare it as `makes` (schema/study.schema.json says how), or choose a guest that is made for the run.',
  );
}

/** Longest time for one look at the machine, or for one cleaning; it ends processes, which may take some seconds. */
const deadlineMs = 120_000;
const attempts = 3;

/** A machine of the user's, as it was before the run, to be left like that. */
export class BorrowedMachine {
  readonly #guest: Pick<GuestTransport, 'execute'>;
  readonly #makes: Makes;
  readonly #folder: string;
  /** null: nothing has been done to it. */
  #before: MachineState | null = null;

  constructor(guest: Pick<GuestTransport, 'execute'>, makes: Makes, { base }: GuestFolders) {
    this.#guest = guest;
    this.#makes = makes;
    this.#folder = base;
  }

  /** Notes how the machine is. Rejects with GuestError when it has already what the study makes; changes nothing. */
  async examine(signal: AbortSignal): Promise<void> {
    const state = await this.#ask('rb_look', '', signal);
    if (state.there.length > 0) {
      throw new GuestError(
        `The machine already has what the study makes: ${state.there.join(', ')}.`,
        `Nothing was changed. If nobody needs it, remove it there, as root:\n${removal(state.there)}\n` +
          'Otherwise choose a guest that is made for the run.',
      );
    }
    this.#before = state;
  }

  /**
   * Ends the run's processes and removes what the study makes and the run's folder. Takes no signal of the run's: it is
   * also what follows an interrupt. Resolves with what differs from before all the same, which may be another's doing.
   * Rejects with GuestLeftError when something of the run is left, or may be.
   */
  async restore(): Promise<readonly string[]> {
    if (this.#before === null) return [];
    const after = await this.#clean(this.#before.netns);
    const left = [...after.there, ...after.left];
    if (left.length > 0) {
      const said = after.said.map((line) => `\n  ${line}`).join('');
      throw new GuestLeftError(
        `The machine could not be left as it was; still there: ${left.join(', ')}.`,
        `${this.#remedy('Remove what is left')}${said === '' ? '' : `\nWhat was complained of:${said}`}`,
      );
    }
    return differences(this.#before.state, after.state);
  }

  async #clean(netns: string): Promise<MachineState> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#ask('rb_clean', netns, AbortSignal.timeout(deadlineMs));
      } catch (error) {
        // To clean twice does no harm.
        if (error instanceof ConnectionLostError && attempt < attempts) continue;
        const { message } = error as Error;
        throw new GuestLeftError(
          `The machine could not be left as it was: ${message}`,
          this.#remedy('What the run made there may be left'),
          { cause: error },
        );
      }
    }
  }

  async #ask(call: 'rb_look' | 'rb_clean', netns: string, signal: AbortSignal): Promise<MachineState> {
    const scripts = ['journal.sh', 'borrowed-machine.sh'].map((name) =>
      readFile(packagePath(`src/run/${name}`), 'utf8'),
    );
    const settings = {
      rb_folder: this.#folder,
      rb_namespaces: this.#makes.namespaces.join(' '),
      rb_devices: this.#makes.devices.join(' '),
      rb_netns: netns,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${shellQuote(value)}`);
    const input = Buffer.from([...(await Promise.all(scripts)), ...lines, call, ''].join('\n'));
    const { output, errorOutput } = await this.#guest.execute(`REFIGURE_CLEANING=${this.#folder} sh -s`, {
      input,
      signal,
    });
    const state = readMachineState(output.toString('utf8'));
    if (state !== null) return state;
    throw new GuestError(
      'The machine could not be looked at.',
      `It said: ${errorOutput.toString('utf8').trim() || '(nothing)'}`,
    );
  }

  #remedy(what: string): string {
    const { namespaces, devices } = this.#makes;
    const made = [...devices.map((name) => `device ${name}`), ...namespaces.map((name) => `namespace ${name}`)];
    const processes = `kill -9 $(grep -ls ${runVariable}=${this.#folder} /proc/[0-9]*/environ | cut -d/ -f3)`;
    return `${what}. As root, there:\n  ${processes}\n${removal(made)}\n  rm -rf ${this.#folder}`;
  }
}

/** The commands that remove namespaces and devices, given as `namespace ns0`, `device tap0`. */
function removal(things: readonly string[]): string {
  return things
    .map((thing) => thing.replace(/^namespace /, '  ip netns delete ').replace(/^device /, '  ip link delete dev '))
    .join('\n');
}
