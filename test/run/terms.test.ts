import test from 'ava';
import { UsageError } from '../../src/core/errors.ts';
import type { ProviderTerms } from '../../src/core/provider.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';
import { requireTerms } from '../../src/run/terms.ts';
import type { Study } from '../../src/study/schema.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';

const borrowed: ProviderTerms = {
  ownership: 'borrowed',
  keep: { state: 'no', reason: 'it cannot be kept', hint: 'Leave --keep out.' },
  cold: { state: 'no', reason: 'it cannot boot', hint: 'Leave --cold out.' },
};
const makes = 'makes: { namespaces: [a], devices: [] }\nexperiments:';

test('what a run asks is held against what the provider grants', async (t) => {
  const load = async (yaml: string): Promise<Study> =>
    (await loadCheckedStudy(await writeStudy(t, yaml, { 'make.sh': 'ip netns add a\nip netns list\n' }))).study;
  const silent = await load(smallStudy);
  const declared = await load(edit(smallStudy, ['experiments:', makes]));
  const plain = { keep: false, cold: false };
  t.notThrows(() => {
    requireTerms({ terms: ownMachineTerms }, silent, { keep: true, cold: true });
    requireTerms({ terms: borrowed }, declared, plain);
  });
  const refused = (study: Study, asked: { keep: boolean; cold: boolean }): string =>
    t.throws(
      () => {
        requireTerms({ terms: borrowed }, study, asked);
      },
      { instanceOf: UsageError },
    ).message;
  t.regex(refused(silent, plain), /does not declare what it makes/);
  t.is(refused(declared, { keep: true, cold: false }), 'it cannot be kept');
  t.is(refused(declared, { keep: false, cold: true }), 'it cannot boot');
});
