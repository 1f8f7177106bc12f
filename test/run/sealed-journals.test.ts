import test from 'ava';
import { GuestError } from '../../src/core/errors.ts';
import type { SealedGuest, SealedLoad, SealedOutput } from '../../src/core/guest.ts';
import type { JournalEvent } from '../../src/evidence/journal-decoder.ts';
import type { NamedPlan } from '../../src/run/journals.ts';
import { guestFolders } from '../../src/run/plan.ts';
import { SealedJournals } from '../../src/run/sealed-journals.ts';

const never = new AbortController().signal;
const folders = guestFolders('0123');

/** A sealed guest that prints what the test says. */
class Puppet {
  load: SealedLoad | null = null;
  print: (output: SealedOutput) => void = () => undefined;
  end: (error?: Error) => void = () => undefined;
  readonly guest: SealedGuest = {
    sealed: true,
    identity: {
      name: 'puppet',
      provider: 'a test',
      image: { name: 'none', files: [] },
      ownership: 'ours',
      start: 'booted',
      clock: { kind: 'virtual', instructionsPerSecond: 1, startsAt: '', seed: 1 },
      transport: { kind: 'sealed', port: 'serial port' },
    },
    lost: new Promise(() => undefined),
    copyCommand: (channel) => `copy ${channel}`,
    open: null,
    stop: () => Promise.resolve(),
    run: (load, onOutput) => {
      this.load = load;
      this.print = onOutput;
      return new Promise((resolve, reject) => {
        this.end = (error) => {
          if (error === undefined) resolve();
          else reject(error);
        };
      });
    },
  };

  say(channel: number, text: string, atMs = 0): void {
    this.print({ channel, bytes: Buffer.from(text), atMs });
  }
}

const plan = (name: string, longestLimitS = 60): NamedPlan => ({ name, plan: { text: '', longestLimitS, files: [] } });

function journal(name: string): { readonly head: string; readonly done: string; readonly whole: string } {
  const head = `refigure-journal 2 n-${name}\n\n#n-${name} 1 clock 1767225600 2.00\n`;
  const done = `\n#n-${name} 2 done 3.00\n`;
  return { head, done, whole: head + done };
}

interface Heard {
  readonly bytes: string[];
  readonly times: (number | null)[];
  readonly events: JournalEvent['kind'][];
}

function follow(journals: SealedJournals, name: string): Heard & { readonly ended: Promise<unknown> } {
  const heard: Heard = { bytes: [], times: [], events: [] };
  const ended = journals.follow(plan(name), {
    onBytes: (bytes, atMs) => {
      heard.bytes.push(bytes.toString());
      heard.times.push(atMs);
    },
    onEvent: ({ kind }) => heard.events.push(kind),
    onLine: () => undefined,
  });
  return { ...heard, ended: ended.catch((error: unknown) => error) };
}

async function pushed(puppet: Puppet): Promise<SealedJournals> {
  const journals = new SealedJournals(puppet.guest, folders, ['one', 'two'], never);
  const file = { path: 'plan-one.sh', content: Buffer.from('x'), executable: false };
  await journals.push([file], [plan('one', 20), plan('two', 300)]);
  return journals;
}

test('the guest gets everything at once: the files, and a program that runs one plan after another', async (t) => {
  const puppet = new Puppet();
  const journals = await pushed(puppet);
  t.deepEqual(
    puppet.load?.files.map(({ path }) => path),
    ['tmp/refigure-0123/plan-one.sh', 'tmp/refigure-0123/sealed.sh'],
  );
  t.is(puppet.load?.program, 'tmp/refigure-0123/sealed.sh');
  t.is(puppet.load?.silenceMs, 360_000, 'the longest limit, and a minute');
  const program = puppet.load?.files.at(-1)?.content.toString() ?? '';
  t.deepEqual(
    [...program.matchAll(/plan-(\w+)\.sh/g)].map(([, name]) => name),
    ['one', 'two'],
  );
  t.is(journals.copyCommand('two'), 'copy 2');
});

test('each journal is followed to its done; what comes before anybody follows it is kept, what comes after it is dropped', async (t) => {
  const puppet = new Puppet();
  const journals = await pushed(puppet);
  const one = follow(journals, 'one');
  puppet.say(1, journal('one').head, 2000);
  puppet.say(1, journal('one').done, 2500);
  puppet.say(1, 'of a process that was left behind', 2600);
  puppet.say(2, journal('two').head, 3000);
  puppet.say(9, 'on no channel of ours', 3000);
  t.is(await one.ended, undefined);
  t.deepEqual(one.bytes, [journal('one').head, journal('one').done]);
  t.deepEqual(one.times, [2000, 2500]);
  const two = follow(journals, 'two');
  puppet.say(2, journal('two').done, 3100);
  t.is(await two.ended, undefined);
  t.deepEqual(two.times, [3000, 3100]);
  t.is(two.events.at(-1), 'done');
});

test('a guest that ends in the midst of a journal is an error, and all that had come is handed out', async (t) => {
  for (const failure of [new GuestError('The guest went away: it is gone.', 'Run again.'), undefined]) {
    const puppet = new Puppet();
    const journals = await pushed(puppet);
    const one = follow(journals, 'one');
    puppet.say(1, `${journal('one').head}half a li`, 2000);
    puppet.end(failure);
    const error = await one.ended;
    t.true(error instanceof GuestError);
    t.regex(String(error), failure === undefined ? /ended before its time/ : /it is gone/);
    t.deepEqual(one.bytes, [`${journal('one').head}half a li`]);
    t.true((await follow(journals, 'two').ended) instanceof GuestError, 'no journal that would come after it comes');
  }
});

test('what came of a journal before the guest ended is handed out also to who follows it later', async (t) => {
  const puppet = new Puppet();
  const journals = await pushed(puppet);
  puppet.say(1, journal('one').whole, 2000);
  puppet.say(2, journal('two').head, 2000);
  puppet.end(new GuestError('The guest went away.', 'Run again.'));
  await journals.over().catch(() => undefined);
  t.is(await follow(journals, 'one').ended, undefined);
  const two = follow(journals, 'two');
  t.true((await two.ended) instanceof GuestError);
  t.deepEqual(two.bytes, [journal('two').head]);
});
