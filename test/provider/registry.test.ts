import test from 'ava';
import { UsageError } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';
import { loadCatalogue, type GuestCatalogue } from '../../src/provider/catalogue/catalogue.ts';
import { embeddedKind } from '../../src/provider/embedded/kind.ts';
import type { DescribedKind, ListedKind } from '../../src/provider/kinds.ts';
import { allKinds, ProviderRegistry } from '../../src/provider/registry.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';

function provider(name: string, through: string, isAvailable = true): Provider {
  return {
    name,
    through,
    description: name,
    terms: ownMachineTerms,
    available: () =>
      Promise.resolve(isAvailable ? { state: 'yes' } : { state: 'no', reason: 'not here', hint: 'Mend.' }),
    start: () => Promise.reject(new Error('not started here')),
  };
}

function listed(through: string, names: readonly string[], isAvailable = true): ListedKind {
  return {
    program: null,
    downloaded: through !== 'ships',
    names: () => names,
    make: (name) => Promise.resolve(provider(name, through, isAvailable)),
  };
}

const described: DescribedKind = {
  claims: (text) => text.startsWith('thing:'),
  make: (text) => Promise.resolve(provider(text.slice('thing:'.length), 'described')),
};

/** A catalogue in which only the names matter. */
async function catalogueOf(...names: readonly string[]): Promise<GuestCatalogue> {
  const catalogue = await loadCatalogue();
  const [guest] = Object.values(catalogue.guests);
  if (guest === undefined) throw new Error('the catalogue has a guest');
  return { ...catalogue, guests: Object.fromEntries(names.map((name) => [name, guest])) };
}

const told = ({ name, through }: Provider): string => `${name} by ${through}`;

test('a new kind of provider is one more entry: its guests are listed, and found by their names', async (t) => {
  const added = listed('serial port', ['counted']);
  const registry = new ProviderRegistry(await loadCatalogue(), { ...allKinds, listed: [...allKinds.listed, added] });
  const names = (await registry.all()).map(({ name }) => name);
  t.deepEqual(names.slice(-3), ['embedded', 'mini', 'counted']);
  t.is(told(await registry.named('counted')), 'counted by serial port');
});

test('the guests of the catalogue come first, in its order, whatever boots them; then the kinds in theirs', async (t) => {
  const registry = new ProviderRegistry(await catalogueOf('old', 'new'), {
    listed: [listed('box', ['new', 'old']), listed('disk', ['old']), listed('ships', ['own'])],
    described: [],
  });
  t.deepEqual((await registry.all()).map(told), ['old by box', 'old by disk', 'new by box', 'own by ships']);
});

test('of several guests of one name the first that this host can run is taken, or else the first', async (t) => {
  const catalogue = await catalogueOf('old');
  const [box, disk] = [listed('box', ['old'], false), listed('disk', ['old'])];
  const either = new ProviderRegistry(catalogue, { listed: [box, disk], described: [] });
  t.is(told(await either.named('old')), 'old by disk');
  const neither = new ProviderRegistry(catalogue, { listed: [box, listed('disk', ['old'], false)], described: [] });
  t.is(told(await neither.named('old')), 'old by box');
});

test('a text that a kind claims is a machine of its own, and stands in no list', async (t) => {
  const registry = new ProviderRegistry(await catalogueOf('old'), { listed: [embeddedKind], described: [described] });
  t.is(told(await registry.named('thing:mine')), 'mine by described');
  t.deepEqual((await registry.all()).map(told), ['embedded by v86']);
});

test('a name that no guest has is refused, with the names that there are, each once', async (t) => {
  const kinds = { listed: [listed('box', ['old']), listed('disk', ['old']), listed('ships', ['own'])], described: [] };
  const registry = new ProviderRegistry(await catalogueOf('old'), kinds);
  const error = await t.throwsAsync(registry.named('none'), { instanceOf: UsageError });
  t.is(error.message, "There is no guest 'none'.");
  t.is(error.hint, 'Guests: old, own. `refigure guests` tells what each is.');
  await t.throwsAsync(registry.downloaded().named('own'), { instanceOf: UsageError, message: /no guest 'own'/ });
});

test('each kind of ours claims its own texts only', (t) => {
  const claimed = (text: string): number => allKinds.described.filter(({ claims }) => claims(text)).length;
  for (const text of ['ssh://host', 'machine.yaml', 'a folder/Machine.YML']) t.is(claimed(text), 1, text);
  for (const text of ['centos-7.6', 'embedded', 'auto', 'SSH://host', 'yaml']) t.is(claimed(text), 0, text);
});
