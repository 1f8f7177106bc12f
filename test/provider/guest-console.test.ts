import test from 'ava';
import { GuestError } from '../../src/core/errors.ts';
import { GuestConsole } from '../../src/provider/guest-console.ts';

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIBatOpPBksNaOb2nVTnqOTQXrDW0+0vh8dpQSQsj6xha';
const boot = '[    0.017062] something that the kernel says\r\n';
const ready = `refigure-guest: ready ssh-ed25519 ${key}\r\n`;

function followed(...pieces: readonly string[]): GuestConsole {
  const guestConsole = new GuestConsole();
  for (const piece of pieces) guestConsole.push(Buffer.from(piece, 'latin1'));
  return guestConsole;
}

test('the host key is found wherever the console is cut into pieces', async (t) => {
  const text = boot + ready;
  for (let cut = 0; cut <= text.length; cut += 1) {
    t.is(await followed(text.slice(0, cut), text.slice(cut)).hostKey(), key);
  }
});

test('the host key is found whether it was printed before or after it was asked for', async (t) => {
  const guestConsole = followed(boot);
  const asked = guestConsole.hostKey();
  guestConsole.push(Buffer.from(ready));
  t.is(await asked, key);
  t.is(await guestConsole.hostKey(), key);
});

test('a line that is not finished is no host key yet', async (t) => {
  const guestConsole = followed(boot, ready.slice(0, -10));
  const first = await Promise.race([
    guestConsole.hostKey(),
    new Promise((resolve) => setImmediate(resolve, 'nothing')),
  ]);
  t.is(first, 'nothing');
});

test('a fault that the guest prints is an error in its words', async (t) => {
  const error = await t.throwsAsync(followed(boot, 'refigure-guest: fault there is no network card\r\n').hostKey(), {
    instanceOf: GuestError,
  });
  t.is(error.message, 'The guest could not start: there is no network card');
});

test('a panic of the kernel is an error in its words, with what stood before it, whatever is waited for', async (t) => {
  const panic = 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)';
  const guestConsole = followed(boot);
  const waits = [guestConsole.held(), guestConsole.hostKey(), guestConsole.failed()];
  guestConsole.push(Buffer.from(`\x1b[31m[    0.9] ${panic}`));
  guestConsole.push(Buffer.from('\r\n'));
  for (const wait of waits) {
    const error = await t.throwsAsync(wait as Promise<unknown>, { instanceOf: GuestError });
    t.is(
      error.message,
      "The guest's kernel has panicked: VFS: Unable to mount root fs on unknown-block(0,0). Its console's last lines:\n" +
        `${boot.trimEnd()}\n[    0.9] ${panic}`,
    );
  }
});

test('a guest that prints without end is still found ready, and memory stays bounded', async (t) => {
  const noise = 'x'.repeat(1000) + '\n';
  const guestConsole = followed(...Array<string>(500).fill(noise), ready);
  t.is(await guestConsole.hostKey(), key);
  t.true(guestConsole.lastLines(10_000).length <= 64 * 1024);
});

test('the last lines are the last ones, and silence is said in words', (t) => {
  t.is(followed('one\r\ntwo\r\nthree\r\n').lastLines(2), 'two\nthree');
  t.is(followed().lastLines(), '(it printed nothing)');
  t.is(followed('\r\n').lastLines(), '(it printed nothing)');
  t.is(followed('\x1b[0;32mOK\x1b[0m\x07 é\r\n'.replace('é', '\xc3\xa9')).lastLines(), 'OK é');
});

test('a line that is longer than any of ours is searched at its end, however often it says something else', async (t) => {
  const noise = 'refigure-guest: fault '.repeat(10_000);
  const guestConsole = followed(...Array.from({ length: 2000 }, (_, at) => noise.slice(at * 110, at * 110 + 110)));
  guestConsole.push(Buffer.from(`\n${ready}`));
  const error = await t.throwsAsync(guestConsole.over(), { instanceOf: GuestError });
  t.true(error.message.length < 10_000);
});
