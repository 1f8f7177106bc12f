import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { ConnectionLostError, GuestError, HostError } from '../../../src/core/errors.ts';
import type { OpenGuest } from '../../../src/core/guest.ts';
import type { BootPhase, Provider, ProviderTerms } from '../../../src/core/provider.ts';
import { startRelay } from '../../support/relay.ts';
import { FileTeardowns, type Teardowns } from '../../support/teardowns.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';
import { ask, entranceOf, limited, silentStart, startOpen } from '../booted-guest.ts';
import { guestChecks } from './guest-checks.ts';

/** What a provider's contract has to know of it. */
export interface ContractSubject {
  /** Begins each title. */
  readonly title: string;
  /** What this host must have for it; see testWith. */
  readonly tools: readonly string[];
  /** A provider that this host can run. */
  readonly make: (scope: Teardowns) => Provider | Promise<Provider>;
  readonly ownership: ProviderTerms['ownership'];
  /** What the first start announces, in order. */
  readonly phases: readonly BootPhase[];
  /** The phase in which a start is aborted; the contract takes every other start to its end. */
  readonly abortIn: BootPhase;
  readonly hasEntrance: boolean;
  /** The same provider on a host that lacks what it needs; null: every host has that. */
  readonly lacking: Provider | null;
  /** How the machine can be made to end by itself, and what is then told; null: nobody would be told. */
  readonly death: { readonly bring: (guest: OpenGuest) => void; readonly reason: RegExp } | null;
  /** What the provider's guests hold on this host: processes, folders. null: another process has to look. */
  readonly held: (() => Promise<readonly unknown[]>) | null;
}

export interface RunningContract {
  /** The guest that all tests share; for the tests that a provider has beside the contract. */
  readonly guest: () => OpenGuest;
  /** Defines the tests in which the guest ends; to be called after the last of those that need it. */
  end(): void;
}

/** Defines the tests that every provider and the fake pass: one start for all, and one more in which the machine dies. */
export function providerContract(subject: ContractSubject): RunningContract {
  const { title, tools } = subject;
  const scope = new FileTeardowns();
  const define = testWith.serial(...tools);
  const check = (what: string, run: (t: ExecutionContext) => void | Promise<void>): void => {
    define(`${title}: ${what}`, run);
  };
  const phases: BootPhase[] = [];
  let provider: Provider;
  let guest: OpenGuest;
  testWith.before(...tools)(async () => {
    provider = await subject.make(scope);
    guest = limited(await startOpen(provider, { ...silentStart, onPhase: (phase) => phases.push(phase) }));
    scope.teardown(() => guest.stop());
  });
  test.after.always(() => scope.end());

  check('the start announces its phases', (t) => {
    t.deepEqual(phases, subject.phases);
  });
  check('a host that has what it needs can run it', async (t) => {
    t.deepEqual(await provider.available(), { state: 'yes' });
  });
  if (subject.lacking !== null) checkLacking(check, subject.lacking);
  check('its terms and its guest agree on whose machine it is', (t) => {
    t.is(provider.terms.ownership, subject.ownership);
    t.is(guest.identity.ownership, subject.ownership);
  });
  for (const [what, run] of Object.entries(guestChecks)) check(what, (t) => run(t, guest));
  if (subject.hasEntrance) {
    testWith.serial(...tools, 'ssh')(`${title}: the entrance lets another client in`, (t) => canEnter(t, guest));
  } else {
    check('nobody is shown a way in', (t) => {
      t.is(guest.entrance, null);
    });
  }
  return {
    guest: () => guest,
    end: () => {
      checkStop(check, subject, () => guest);
      if (subject.ownership === 'borrowed') checkBorrowed(check, () => provider);
      checkAbort(check, subject, () => provider);
      if (subject.death !== null) checkDeath(check, subject, subject.death, () => provider);
    },
  };
}

type Check = (what: string, run: (t: ExecutionContext) => void | Promise<void>) => void;

function checkLacking(check: Check, lacking: Provider): void {
  check('a host that lacks what it needs cannot run it, and says why and what to do', async (t) => {
    const availability = await lacking.available();
    if (availability.state === 'yes') return t.fail('it says that it can');
    t.regex(availability.reason, /\w/);
    t.regex(availability.hint, /\.$/);
    const error = await t.throwsAsync(lacking.start(silentStart), { instanceOf: HostError });
    t.is(error.hint, availability.hint);
  });
}

/** As a person does it: by OpenSSH's client, with the key and the host key in files. */
async function canEnter(t: ExecutionContext, guest: OpenGuest): Promise<void> {
  const { connect, hostKey, privateKey, username } = entranceOf(guest);
  const { port } = await startRelay(t, connect);
  const folder = await temporaryFolder(t);
  const [key, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')];
  await writeFile(key, privateKey, { mode: 0o600 });
  await writeFile(knownHosts, `[127.0.0.1]:${port} ssh-ed25519 ${hostKey}\n`);
  const settings = [`UserKnownHostsFile=${knownHosts}`, 'IdentitiesOnly=yes', 'BatchMode=yes'];
  const options = ['-F', 'none', '-i', key, ...settings.flatMap((setting) => ['-o', setting])];
  const command = ['-p', String(port), `${username}@127.0.0.1`, 'echo entered'];
  const { stdout } = await promisify(execFile)('ssh', [...options, ...command]);
  t.is(stdout, 'entered\n');
  t.is(await ask(guest, 'echo beside it'), 'beside it');
}

function checkStop(check: Check, { held }: ContractSubject, guestOf: () => OpenGuest): void {
  check('to stop it twice is safe; nothing of it is held, and it takes no more commands', async (t) => {
    const guest = guestOf();
    await Promise.all([guest.stop(), guest.stop()]);
    await guest.stop();
    t.deepEqual((await held?.()) ?? [], []);
    await t.throwsAsync(guest.execute('true'), { instanceOf: GuestError });
    const file = { path: 'x', content: Buffer.from('x'), executable: false };
    await t.throwsAsync(guest.upload('/tmp/contract-after-the-end', [file]), { instanceOf: GuestError });
  });
}

function checkBorrowed(check: Check, providerOf: () => Provider): void {
  check('a machine that is borrowed runs on after the stop', async (t) => {
    const again = limited(await startOpen(providerOf(), silentStart));
    t.teardown(() => again.stop());
    t.is(await ask(again, 'echo running'), 'running');
  });
}

function checkAbort(check: Check, { abortIn, held }: ContractSubject, providerOf: () => Provider): void {
  check("a start that is aborted rejects with the signal's reason, and nothing of it is held", async (t) => {
    const aborting = new AbortController();
    const reason = new Error('enough');
    const onPhase = (phase: BootPhase): void => {
      if (phase === abortIn) aborting.abort(reason);
    };
    const starting = providerOf().start({ ...silentStart, cold: true, signal: aborting.signal, onPhase });
    t.is(await t.throwsAsync(starting), reason);
    t.deepEqual((await held?.()) ?? [], []);
    t.is(await t.throwsAsync(providerOf().start({ ...silentStart, signal: AbortSignal.abort(reason) })), reason);
    t.deepEqual((await held?.()) ?? [], []);
  });
}

function checkDeath(
  check: Check,
  { held }: ContractSubject,
  { bring, reason }: NonNullable<ContractSubject['death']>,
  providerOf: () => Provider,
): void {
  check('a machine that ends by itself is lost, with a reason, its commands fail, and it takes no more', async (t) => {
    const guest = limited(await startOpen(providerOf(), silentStart));
    t.teardown(() => guest.stop());
    const running = guest.execute('sleep 1000');
    t.is(await ask(guest, 'echo alive'), 'alive');
    bring(guest);
    t.regex((await guest.lost).reason, reason);
    await t.throwsAsync(running, { instanceOf: ConnectionLostError, message: /lost during: sleep 1000/ });
    const error = await t.throwsAsync(guest.execute('true'), { instanceOf: GuestError });
    t.regex(error.message, /^The guest went away: /);
    t.regex(error.message, reason);
    await guest.stop();
    t.deepEqual((await held?.()) ?? [], []);
  });
}
