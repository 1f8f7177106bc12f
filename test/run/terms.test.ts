import test from 'ava';
import { UsageError } from '../../src/core/errors.ts';
import type { ProviderTerms } from '../../src/core/provider.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';
import { grantedClock, type AskedTerms } from '../../src/run/terms.ts';
import type { Study } from '../../src/study/schema.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';

const borrowed: ProviderTerms = {
  ownership: 'borrowed',
  clocks: [{ kind: 'real', keep: { state: 'no', reason: 'it cannot be kept', hint: 'Leave --keep out.' } }],
  cold: { state: 'no', reason: 'it cannot boot', hint: 'Leave --cold out.' },
};
const makes = 'makes: { namespaces: [a], devices: [] }\nexperiments:';

test('what a run asks is held against what the provider grants', async (t) => {
  const load = async (yaml: string): Promise<Study> =>
    (await loadCheckedStudy(await writeStudy(t, yaml, { 'make.sh': 'ip netns add a\nip netns list\n' }))).study;
  const silent = await load(smallStudy);
  const declared = await load(edit(smallStudy, ['experiments:', makes]));
  const plain: AskedTerms = { keep: false, cold: false, clock: undefined, seed: undefined };
  t.is(grantedClock({ name: 'own', terms: ownMachineTerms }, silent, { ...plain, keep: true, cold: true }), 'real');
  t.is(grantedClock({ name: 'own', terms: borrowed }, declared, plain), 'real');
  const refused = (study: Study, asked: AskedTerms): string =>
    t.throws(() => grantedClock({ name: 'own', terms: borrowed }, study, asked), { instanceOf: UsageError }).message;
  t.regex(refused(silent, plain), /does not declare what it makes/);
  t.is(refused(declared, { ...plain, keep: true }), 'it cannot be kept');
  t.is(refused(declared, { ...plain, cold: true }), 'it cannot boot');
});

test('a clock is the one that is asked for, or the default that can do what else is asked', (t) => {
  const both: ProviderTerms = {
    ...ownMachineTerms,
    clocks: [
      { kind: 'virtual', keep: { state: 'no', reason: 'it is over', hint: 'Leave --keep out.' } },
      ...ownMachineTerms.clocks,
    ],
  };
  const study = { id: 'x' } as Study;
  const clock = (asked: Partial<AskedTerms>, terms = both): string =>
    grantedClock({ name: 'own', terms }, study, {
      keep: false,
      cold: false,
      clock: undefined,
      seed: undefined,
      ...asked,
    });
  const refused = (asked: Partial<AskedTerms>, terms = both): string =>
    t.throws(() => clock(asked, terms), { instanceOf: UsageError }).message;
  t.is(clock({}), 'virtual');
  t.is(clock({ seed: 7 }), 'virtual');
  t.is(clock({ clock: 'real' }), 'real');
  t.is(clock({ keep: true }), 'real');
  t.is(refused({ keep: true, clock: 'virtual' }), 'it is over');
  t.regex(refused({ keep: true, seed: 7 }), /--seed .* real here/);
  t.regex(refused({ clock: 'real', seed: 7 }), /--seed .* real here/);
  t.regex(refused({ clock: 'virtual' }, ownMachineTerms), /has no virtual clock: its time is that of the host/);
  const onlyReal = { state: 'no', reason: 'A hypervisor runs it.', hint: 'Leave --clock out.' } as const;
  t.is(refused({ clock: 'virtual' }, { ...ownMachineTerms, onlyReal }), onlyReal.reason);
});
