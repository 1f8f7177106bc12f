import test from 'ava';
import { machineDifferences, type Machine } from '../../src/audit/same-machine.ts';
import { virtualGuest } from '../support/saved-run.ts';

const file = { file: 'vmlinuz', sha256: 'aa', bytes: 1, check: 'package' } as const;
const machine: Machine = { ...virtualGuest(), provider: 'v86 1.0', image: { name: 'mini', files: [file] } };
const real: Machine = { ...machine, clock: { kind: 'real' } };

test('a machine is the one that was recorded where image, emulator and clock are', (t) => {
  t.deepEqual(machineDifferences(machine, { ...machine }), []);
});

test('each thing that differs is told, as recorded and as it is here', (t) => {
  const { clock } = virtualGuest(2);
  const here = { provider: 'v86 1.1', clock, image: { name: 'mini', files: [{ ...file, sha256: 'bb' }] } };
  t.deepEqual(machineDifferences(machine, here), [
    'the file vmlinuz of the image: recorded SHA-256 aa, here SHA-256 bb',
    'the emulator: recorded v86 1.0, here v86 1.1',
    "the guest's clock: recorded 100000000 instructions a second from 2026-01-01T00:00:00.000Z on, with the seed 1, " +
      'here 100000000 instructions a second from 2026-01-01T00:00:00.000Z on, with the seed 2',
  ]);
  t.regex(machineDifferences(machine, real).join(), /the guest's clock: recorded 1.*, here real time$/);
});

test('in real time the image counts alone, for no emulator gives the same bytes twice', (t) => {
  t.deepEqual(machineDifferences(real, { ...real, provider: 'v86 1.1' }), []);
  const [lost] = machineDifferences(real, { ...real, image: { name: 'mini', files: [] } });
  t.is(lost, 'the file vmlinuz of the image: recorded SHA-256 aa, here none');
});

test('a checksum that nobody knows is not compared', (t) => {
  const unknown = { name: 'mini', files: [{ ...file, sha256: null }] };
  t.deepEqual(machineDifferences({ ...machine, image: unknown }, machine), []);
  t.deepEqual(machineDifferences(machine, { ...machine, image: unknown }), []);
});

test('what a record says is harmless on a terminal', (t) => {
  const [told] = machineDifferences({ ...machine, provider: 'v86\u001b[2J\n\u202e' }, machine);
  t.is(told, 'the emulator: recorded v86 [2J <U+202E>, here v86 1.0');
});
