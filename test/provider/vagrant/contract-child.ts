import assert from 'node:assert/strict';
import type { ExecutionContext } from 'ava';
import { ProviderRegistry } from '../../../src/provider/registry.ts';
import { startOpen } from '../booted-guest.ts';
import { guestChecks } from '../contract/guest-checks.ts';

// node contract-child.ts CATALOGUE GUEST: boots the guest, holds it to what every guest must do, and stops it, in a world
// that no test's own process is in. Each check that held is a line.

/** As much of ava's assertions as the checks use. */
const assertions = {
  is: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  true: (value: unknown, message?: string) => {
    assert.strictEqual(value, true, message);
  },
  false: (value: unknown, message?: string) => {
    assert.strictEqual(value, false, message);
  },
  regex: assert.match,
  notRegex: assert.doesNotMatch,
  throwsAsync: async (work: Promise<unknown>, expected?: { readonly instanceOf?: new (...args: never[]) => Error }) => {
    const error = await work.then(
      () => assert.fail('nothing was thrown'),
      (thrown: unknown) => thrown,
    );
    if (expected?.instanceOf !== undefined) assert.ok(error instanceof expected.instanceOf, String(error));
    return error;
  },
} as unknown as ExecutionContext;

const [, , catalogue = '', name = ''] = process.argv;
const registry = await ProviderRegistry.load(catalogue);
const provider = await registry.named(name);
const download = await provider.download?.(new AbortController().signal);
await download?.run({ signal: new AbortController().signal, onProgress: () => undefined });
const phases: string[] = [];
const guest = await startOpen(provider, {
  clock: 'real',
  seed: 1,
  signal: new AbortController().signal,
  keep: false,
  cold: true,
  onConsole: () => undefined,
  onPhase: (phase) => phases.push(phase),
  onNote: () => undefined,
});
try {
  assert.ok(phases.includes('booting') && phases.at(-1) === 'connecting', phases.join(' '));
  for (const [title, check] of Object.entries(guestChecks)) {
    await check(assertions, guest);
    process.stdout.write(`${title}\n`);
  }
} finally {
  await guest.stop();
  await guest.stop(); // twice does no harm
}
await assert.rejects(guest.execute('true'));
process.stdout.write('stopped\n');
