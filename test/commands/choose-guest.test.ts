import test from 'ava';
import { chooseBest, chooseNamed, type GuestSearch } from '../../src/commands/choose-guest.ts';
import type { Voice } from '../../src/commands/voice.ts';
import { HostError, UsageError } from '../../src/core/errors.ts';
import type { Availability, Download, Provider } from '../../src/core/provider.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';
import type { GuestChoice } from '../../src/run/boot.ts';

// Providers that are made up: what they say of a host, no host says on demand.

const never = new AbortController().signal;

interface Made {
  readonly provider: Provider;
  fetched: boolean;
}

function made(
  name: string,
  { no, bytes, fails, unreachable }: { no?: string; bytes?: number | null; fails?: string; unreachable?: string } = {},
): Made {
  const result: Made = {
    fetched: false,
    provider: {
      name,
      through: 'nothing',
      description: name,
      terms: ownMachineTerms,
      available: () =>
        Promise.resolve<Availability>(
          no === undefined ? { state: 'yes' } : { state: 'no', reason: no, hint: 'Mend it.' },
        ),
      download: () => {
        if (unreachable !== undefined) return Promise.reject(new HostError(unreachable, 'Mend it.'));
        return Promise.resolve<Download | null>(
          bytes === undefined
            ? null
            : {
                from: 'example.org',
                bytes,
                run: () => {
                  if (fails !== undefined) return Promise.reject(new HostError(fails, 'Mend it.'));
                  result.fetched = true;
                  return Promise.resolve();
                },
              },
        );
      },
      start: () => Promise.reject(new Error('not started here')),
    },
  };
  return result;
}

function voice(allows = true): Voice & { readonly said: string[] } {
  const said: string[] = [];
  return {
    said,
    allows: (what) => {
      said.push(what);
      return Promise.resolve(allows);
    },
    downloading: (_, run) => run(() => undefined),
    chosen: (guest, passedOver) => {
      said.push(`${guest} <- ${passedOver.map(({ guest: name, reason }) => `${name}: ${reason}`).join('; ')}`);
    },
  };
}

const search = (spoken: Voice): GuestSearch => ({ requireTerms: () => undefined, voice: spoken, signal: never });

const best = (guests: readonly Made[], spoken = voice()): Promise<GuestChoice> =>
  chooseBest(
    guests.map(({ provider }) => provider),
    search(spoken),
  );

const named = ({ provider }: Made, spoken = voice()): Promise<GuestChoice> => chooseNamed(provider, search(spoken));

test('auto takes the first that this host can run, and says why not the better ones', async (t) => {
  const spoken = voice();
  const [better, dead, good, last] = [
    made('better', { no: 'there is no hypervisor' }),
    made('dead', { unreachable: 'no server has it' }),
    made('good'),
    made('last'),
  ];
  const choice = await best([better, dead, good, last], spoken);
  t.deepEqual(
    choice.providers.map(({ name }) => name),
    ['good', 'last'],
    'the lesser ones stand behind it',
  );
  t.deepEqual(choice.passedOver, [
    { guest: 'better', reason: 'there is no hypervisor' },
    { guest: 'dead', reason: 'no server has it' },
  ]);
  t.deepEqual(spoken.said, ['good <- better: there is no hypervisor; dead: no server has it']);
});

test('a large download is announced with its size before it begins, a small one is not', async (t) => {
  const spoken = voice();
  const large = made('large', { bytes: 420e6 });
  await best([large], spoken);
  t.true(large.fetched);
  t.is(spoken.said[0], 'The guest large is a download of 420 MB from example.org.');
  const small = made('small', { bytes: 99e6 });
  const quiet = voice();
  await named(small, quiet);
  t.true(small.fetched);
  t.deepEqual(quiet.said, []);
  const unknown = voice();
  await named(made('unknown', { bytes: null }), unknown);
  t.regex(unknown.said[0] ?? '', /of a size that the server does not tell/);
});

test('a download that is declined or fails leaves auto with the next guest, and fails a guest that was named', async (t) => {
  const [declined, next] = [made('declined', { bytes: 420e6 }), made('next')];
  const choice = await best([declined, next], voice(false));
  t.false(declined.fetched);
  t.is(choice.providers[0], next.provider);
  t.regex(choice.passedOver[0]?.reason ?? '', /declined/);
  await t.throwsAsync(named(declined, voice(false)), { instanceOf: HostError });

  const broken = made('broken', { bytes: 1, fails: 'the disk is full' });
  t.is((await best([broken, next])).providers[0], next.provider);
  await t.throwsAsync(named(broken), { message: 'the disk is full' });
});

test('a guest that was named has no stand-in', async (t) => {
  const [first, second] = [made('first', { no: 'no hypervisor' }), made('second')];
  t.deepEqual((await named(second)).providers, [second.provider]);
  await t.throwsAsync(named(first), { instanceOf: HostError, message: /no hypervisor/ });
});

test('when no guest can run at all, the reason of each is told', async (t) => {
  const guests = [made('first', { no: 'no hypervisor' }), made('second', { no: 'no memory' })];
  const error = await t.throwsAsync(best(guests), { instanceOf: HostError });
  t.regex(error.message, /first: no hypervisor\nsecond: no memory/);
  t.regex(error.hint, /refigure doctor/);
});

test('a guest that cannot grant what the run asks is refused, or passed over, before the host is examined', async (t) => {
  const spoken = voice();
  const [poor, good] = [made('poor', { no: 'not examined' }), made('good')];
  const demanding: GuestSearch = {
    ...search(spoken),
    requireTerms: (provider) => {
      if (provider === poor.provider) throw new UsageError('it cannot be kept', 'Leave --keep out.');
    },
  };
  await t.throwsAsync(chooseNamed(poor.provider, demanding), { instanceOf: UsageError, message: 'it cannot be kept' });
  const { passedOver, providers } = await chooseBest([poor.provider, good.provider], demanding);
  t.deepEqual(passedOver, [{ guest: 'poor', reason: 'it cannot be kept' }]);
  t.deepEqual(providers, [good.provider]);
});
