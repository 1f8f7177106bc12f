import test from 'ava';
import { chooseGuest } from '../../src/commands/choose-guest.ts';
import type { Voice } from '../../src/commands/voice.ts';
import { HostError, UsageError } from '../../src/core/errors.ts';
import type { Availability, Download, Provider } from '../../src/core/provider.ts';
import { ownMachineTerms } from '../../src/provider/terms.ts';

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

const choose = (asked: string, guests: readonly Made[], spoken = voice()): ReturnType<typeof chooseGuest> =>
  chooseGuest(
    asked,
    guests.map(({ provider }) => provider),
    spoken,
    never,
  );

test('auto takes the first that this host can run, and says why not the better ones', async (t) => {
  const spoken = voice();
  const [better, dead, good, last] = [
    made('better', { no: 'there is no hypervisor' }),
    made('dead', { unreachable: 'no server has it' }),
    made('good'),
    made('last'),
  ];
  const choice = await choose('auto', [better, dead, good, last], spoken);
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
  await choose('auto', [large], spoken);
  t.true(large.fetched);
  t.is(spoken.said[0], 'The guest large is a download of 420 MB from example.org.');
  const small = made('small', { bytes: 99e6 });
  const quiet = voice();
  await choose('small', [small], quiet);
  t.true(small.fetched);
  t.deepEqual(quiet.said, []);
  const unknown = voice();
  await choose('unknown', [made('unknown', { bytes: null })], unknown);
  t.regex(unknown.said[0] ?? '', /of a size that the server does not tell/);
});

test('a download that is declined or fails leaves auto with the next guest, and fails a guest that was named', async (t) => {
  const [declined, next] = [made('declined', { bytes: 420e6 }), made('next')];
  const choice = await choose('auto', [declined, next], voice(false));
  t.false(declined.fetched);
  t.is(choice.providers[0], next.provider);
  t.regex(choice.passedOver[0]?.reason ?? '', /declined/);
  await t.throwsAsync(choose('declined', [declined, next], voice(false)), { instanceOf: HostError });

  const broken = made('broken', { bytes: 1, fails: 'the disk is full' });
  t.is((await choose('auto', [broken, next])).providers[0], next.provider);
  await t.throwsAsync(choose('broken', [broken, next]), { message: 'the disk is full' });
});

test('a guest that was named has no stand-in', async (t) => {
  const [first, second] = [made('first', { no: 'no hypervisor' }), made('second')];
  t.deepEqual((await choose('second', [first, second])).providers, [second.provider]);
  await t.throwsAsync(choose('first', [first, second]), { instanceOf: HostError, message: /no hypervisor/ });
  await t.throwsAsync(choose('third', [first, second]), { instanceOf: UsageError, message: /no guest 'third'/ });
});

test('when no guest can run at all, the reason of each is told', async (t) => {
  const guests = [made('first', { no: 'no hypervisor' }), made('second', { no: 'no memory' })];
  const error = await t.throwsAsync(choose('auto', guests), { instanceOf: HostError });
  t.regex(error.message, /first: no hypervisor\nsecond: no memory/);
  t.regex(error.hint, /refigure doctor/);
});
