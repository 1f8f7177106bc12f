import test from 'ava';
import { chooseBest, chooseNamed, type GuestSearch } from '../../src/commands/choose-guest.ts';
import type { Consent } from '../../src/commands/consent.ts';
import { HostError, UsageError } from '../../src/core/errors.ts';
import type { Availability, Download, Provider } from '../../src/core/provider.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';
import type { GuestChoice } from '../../src/run/boot.ts';
import type { RunEvent } from '../../src/run/events.ts';

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
      hasImage: () => Promise.resolve(unreachable === undefined && bytes === undefined),
      download: () => {
        if (unreachable !== undefined) return Promise.reject(new HostError(unreachable, 'Mend it.'));
        return Promise.resolve<Download | null>(
          bytes === undefined
            ? null
            : {
                from: 'example.org',
                bytes,
                run: ({ onProgress }) => {
                  onProgress('half of it');
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

interface Talk extends GuestSearch {
  readonly asked: readonly string[];
  readonly told: readonly RunEvent[];
}

function talk(answer: Consent = 'yes'): Talk {
  const [asked, told]: [string[], RunEvent[]] = [[], []];
  return {
    asked,
    told,
    signal: never,
    requireTerms: () => undefined,
    tell: (event) => told.push(event),
    consent: (what) => {
      asked.push(what);
      return Promise.resolve(answer);
    },
  };
}

const best = (guests: readonly Made[], search = talk()): Promise<GuestChoice> =>
  chooseBest(
    guests.map(({ provider }) => provider),
    search,
  );

const named = ({ provider }: Made, search = talk()): Promise<GuestChoice> => chooseNamed(provider, search);

test('auto takes the first that this host can run, and says why not the better ones', async (t) => {
  const [better, away, good, last] = [
    made('better', { no: 'there is no hypervisor' }),
    made('away', { unreachable: 'no server has it' }),
    made('good'),
    made('last'),
  ];
  const choice = await best([better, away, good, last]);
  t.deepEqual(
    choice.providers.map(({ name }) => name),
    ['good', 'last'],
    'the lesser ones stand behind it',
  );
  t.deepEqual(choice.passedOver, [
    { guest: 'better', reason: 'there is no hypervisor' },
    { guest: 'away', reason: 'its image is not here (`refigure guests fetch away` gets it)' },
  ]);
});

test('a large download is asked about with its size before it begins, a small one is not', async (t) => {
  const dialogue = talk();
  const large = made('large', { bytes: 420e6 });
  await named(large, dialogue);
  t.true(large.fetched);
  t.deepEqual(dialogue.asked, ['The guest large is a download of 420 MB from example.org.']);
  t.deepEqual(dialogue.told, [
    { kind: 'download-start', guest: 'large', from: 'example.org', bytes: 420e6, unasked: false },
    { kind: 'download-progress', guest: 'large', text: 'half of it' },
    { kind: 'download-end', guest: 'large', state: 'done' },
  ]);
  const small = made('small', { bytes: 99e6 });
  const quiet = talk('no');
  await named(small, quiet);
  t.true(small.fetched);
  t.deepEqual(quiet.asked, []);
  const unknown = talk();
  await named(made('unknown', { bytes: null }), unknown);
  t.regex(unknown.asked[0] ?? '', /of a size that the server does not tell/);
});

test('a large download that nobody can be asked about is told as such', async (t) => {
  const alone = talk('nobody');
  const large = made('large', { bytes: 420e6 });
  await named(large, alone);
  t.true(large.fetched);
  t.like(alone.told[0], { kind: 'download-start', unasked: true });
});

test('auto downloads nothing and asks about nothing', async (t) => {
  const [large, small, next] = [made('large', { bytes: 420e6 }), made('small', { bytes: 1 }), made('next')];
  const dialogue = talk();
  t.is((await best([large, small, next], dialogue)).providers[0], next.provider);
  t.false(large.fetched || small.fetched);
  t.deepEqual([dialogue.asked, dialogue.told], [[], []]);
});

test('a download that is declined or fails is an error', async (t) => {
  const declined = made('declined', { bytes: 420e6 });
  await t.throwsAsync(named(declined, talk('no')), { instanceOf: HostError, message: /declined/ });
  t.false(declined.fetched);

  const broken = made('broken', { bytes: 1, fails: 'the disk is full' });
  const dialogue = talk();
  await t.throwsAsync(named(broken, dialogue), { message: 'the disk is full' });
  t.like(dialogue.told.at(-1), { kind: 'download-end', state: 'failed' });
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
  const [poor, good] = [made('poor', { no: 'not examined' }), made('good')];
  const demanding: GuestSearch = {
    ...talk(),
    requireTerms: (provider) => {
      if (provider === poor.provider) throw new UsageError('it cannot be kept', 'Leave --keep out.');
    },
  };
  await t.throwsAsync(chooseNamed(poor.provider, demanding), { instanceOf: UsageError, message: 'it cannot be kept' });
  const { passedOver, providers } = await chooseBest([poor.provider, good.provider], demanding);
  t.deepEqual(passedOver, [{ guest: 'poor', reason: 'it cannot be kept' }]);
  t.deepEqual(providers, [good.provider]);
});
