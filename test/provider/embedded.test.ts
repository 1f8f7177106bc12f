import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { GuestError } from '../../src/core/errors.ts';
import type { Guest } from '../../src/core/guest.ts';
import { sha256 } from '../../src/core/hash.ts';
import { packagePath } from '../../src/core/package.ts';
import { fingerprint, makeKeyPair } from '../../src/provider/ssh/keys.ts';
import { ask, bootGuest, entranceOf, openSession } from './booted-guest.ts';

let guest: Guest;

test.before(async () => {
  guest = await bootGuest();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the boot may have failed
test.after.always(() => guest?.stop());

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const MB = 1_000_000;

interface ImageManifest {
  readonly name: string;
  readonly kernel: { readonly sha256: string; readonly release: string };
  readonly initramfs: { readonly sha256: string };
  readonly bios: { readonly sha256: string };
}

const manifest = JSON.parse(readFileSync(packagePath('guest/image/image.json'), 'utf8')) as ImageManifest;

test.serial("a command's output, its standard error and its status come back apart", async (t) => {
  const result = await guest.execute('echo out; echo err >&2; exit 7');
  t.deepEqual(
    { ...result, output: result.output.toString(), errorOutput: result.errorOutput.toString() },
    { status: 7, output: 'out\n', errorOutput: 'err\n' },
  );
});

test.serial('a command that is not there is a status, not an error', async (t) => {
  const { status, errorOutput } = await guest.execute('no-such-command');
  t.is(status, 127);
  t.regex(errorOutput.toString(), /no-such-command: not found/);
});

test.serial('a command that ends by a signal has no status, and says so', async (t) => {
  t.is((await guest.execute('kill -KILL $$')).status, null);
});

test.serial('every byte comes through in both directions, on standard error too', async (t) => {
  const { output, errorOutput } = await guest.execute('tee /tmp/bytes; cat /tmp/bytes >&2', { input: everyByte });
  t.deepEqual(output, everyByte);
  t.deepEqual(errorOutput, everyByte);
});

test.serial('output is handed over as it arrives', async (t) => {
  const pieces: Buffer[] = [];
  const { output } = await guest.execute('mkfifo /tmp/go; echo one; cat /tmp/go; echo two', {
    onOutput: (piece) => {
      // The guest goes on only after its first line has arrived here.
      if (pieces.push(piece) === 1) void guest.execute('echo go > /tmp/go');
    },
  });
  t.is(Buffer.concat(pieces).toString(), 'one\ngo\ntwo\n');
  t.is(output.length, 0);
});

test.serial('5 MB go up and come down again unchanged', async (t) => {
  const content = randomBytes(5 * MB);
  await guest.upload('/tmp/large', [{ path: 'large.bin', content, executable: false }]);
  t.is(await ask(guest, 'sha256sum < /tmp/large/large.bin'), `${sha256(content)}  -`);
  const { output } = await guest.execute('cat /tmp/large/large.bin');
  t.is(sha256(output), sha256(content));
  await ask(guest, 'rm -r /tmp/large');
});

test.serial('one connection serves many small commands, each with its own answer', async (t) => {
  for (let number = 0; number < 60; number += 1) t.is(await ask(guest, `echo ${number}`), String(number));
});

test.serial('two commands run at once', async (t) => {
  await ask(guest, 'mkfifo /tmp/there /tmp/back');
  // Each waits for the other, so one after the other would never end.
  const [first, second] = await Promise.all([
    ask(guest, 'echo from-first > /tmp/there; cat /tmp/back'),
    ask(guest, 'cat /tmp/there; echo from-second > /tmp/back'),
  ]);
  t.is(first, 'from-second');
  t.is(second, 'from-first');
});

test.serial("an aborted command rejects with the signal's reason and leaves the connection usable", async (t) => {
  const aborting = new AbortController();
  const reason = new Error('enough');
  const onOutput = (): void => {
    aborting.abort(reason);
  };
  const thrown = await t.throwsAsync(
    guest.execute('echo started; exec sleep 1000', { onOutput, signal: aborting.signal }),
  );
  t.is(thrown, reason);
  t.is(await ask(guest, 'echo usable'), 'usable');
});

test.serial(
  'a command is not started when its signal is aborted already, nor waited for when it is aborted at once',
  async (t) => {
    const aborted = await t.throwsAsync(
      guest.execute('echo x > /tmp/must-not-exist', { signal: AbortSignal.abort(new Error('before')) }),
    );
    t.is(aborted.message, 'before');
    const aborting = new AbortController();
    const running = guest.execute('sleep 1000', { signal: aborting.signal });
    aborting.abort(new Error('while the channel was being opened'));
    t.is((await t.throwsAsync(running)).message, 'while the channel was being opened');
    t.is(await ask(guest, 'test -e /tmp/must-not-exist || echo none'), 'none');
  },
);

test.serial('files are written into nested folders, whatever their names, with their modes', async (t) => {
  const folder = "/tmp/an 'odd' folder/within";
  await guest.upload(folder, [
    { path: 'a/b/c/deep.bin', content: everyByte, executable: false },
    { path: 'a/run me.sh', content: Buffer.from('#!/bin/sh\necho "ran in $PWD"\n'), executable: true },
    { path: 'empty', content: Buffer.alloc(0), executable: false },
    { path: '名字', content: Buffer.from('中文'), executable: false },
  ]);
  const run = await guest.execute(`cd "${folder}" && find . -type f | sort && "./a/run me.sh" && cat 名字`);
  t.is(
    run.output.toString(),
    `./a/b/c/deep.bin\n./a/run me.sh\n./empty\n./名字\nran in ${folder}\n中文`,
    run.errorOutput.toString(),
  );
  t.deepEqual((await guest.execute(`cat "${folder}/a/b/c/deep.bin"`)).output, everyByte);
  t.is(await ask(guest, `stat -c '%a %u' "${folder}" "${folder}/empty"`), '700 0\n644 0');
});

test.serial('a file that cannot be written is a GuestError that names the folder', async (t) => {
  await ask(guest, 'echo file > /tmp/occupied');
  const error = await t.throwsAsync(
    guest.upload('/tmp/occupied', [{ path: 'x', content: everyByte, executable: false }]),
    { instanceOf: GuestError },
  );
  t.regex(error.message, /Writing 1 files to \/tmp\/occupied .* failed: .+/);
});

test.serial('the guest is our image, on a 32-bit kernel of the release that the manifest names', async (t) => {
  t.is(await ask(guest, 'uname -srm'), `Linux ${manifest.kernel.release} i686`);
  t.regex(await ask(guest, 'cat /etc/os-release'), /^ID=refigure$/m);
});

test.serial('its identity names each file that was booted by its checksum, and what booted it', (t) => {
  const { image, name, provider, transport } = guest.identity;
  const { kernel, initramfs, bios } = manifest;
  t.is(image.name, manifest.name);
  t.deepEqual(
    image.files.map((file) => file.sha256),
    [kernel.sha256, initramfs.sha256, bios.sha256],
  );
  t.is(name, 'embedded');
  t.regex(provider, /^v86 \d+\.\d+\.\d+(\+\w+)?$/);
  t.is(transport.hostKey.source, 'serial console');
});

test.serial("the host key learnt from the console is the guest's own", async (t) => {
  const own = await ask(guest, 'dropbearkey -y -f /etc/dropbear/dropbear_ed25519_host_key');
  const { hostKey } = entranceOf(guest);
  t.regex(own, new RegExp(`^ssh-ed25519 ${hostKey.replaceAll('+', '\\+')} `, 'm'));
  t.true(own.split('\n').includes(`Fingerprint: ${fingerprint(hostKey)}`), own);
  t.like(guest.identity.transport.hostKey, { fingerprint: fingerprint(hostKey) });
});

test.serial('another client with the right keys gets in beside the first', async (t) => {
  const session = await openSession(guest);
  t.is(await ask(session, 'echo second'), 'second');
  session.close();
  t.is(await ask(guest, 'echo first'), 'first');
});

test.serial('a server that shows another host key than the console did is refused', async (t) => {
  const error = await t.throwsAsync(openSession(guest, { hostKey: makeKeyPair().publicBody }), {
    instanceOf: GuestError,
  });
  t.regex(error.message, /another host key/);
});

test.serial('a client without the key of this run is refused', async (t) => {
  const error = await t.throwsAsync(openSession(guest, { privateKey: makeKeyPair().privateKey }), {
    instanceOf: GuestError,
  });
  t.regex(error.message, /authentication/i);
  t.is(await ask(guest, 'echo still there'), 'still there');
});

test.serial('no two boots share a host key, a client key or random numbers', async (t) => {
  const other = await bootGuest();
  try {
    const [mine, theirs] = [entranceOf(guest), entranceOf(other)];
    t.not(theirs.hostKey, mine.hostKey);
    t.not(theirs.privateKey, mine.privateKey);
    const draw = 'head -c 16 /dev/urandom | xxd -p';
    t.not(await ask(other, draw), await ask(guest, draw));
    await t.throwsAsync(openSession(other, { privateKey: mine.privateKey }), { instanceOf: GuestError });
  } finally {
    await other.stop();
  }
});
