import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { GuestError } from '../../src/core/errors.ts';
import { sha256 } from '../../src/core/hash.ts';
import { packagePath } from '../../src/core/package.ts';
import { embeddedProvider } from '../../src/provider/embedded/provider.ts';
import { fingerprint, makeKeyPair } from '../../src/provider/ssh/keys.ts';
import { ask, bootGuest, entranceOf, openSession } from './booted-guest.ts';
import { providerContract } from './contract/provider-contract.ts';

const contract = providerContract({
  title: 'embedded',
  tools: [],
  make: () => embeddedProvider,
  ownership: 'ours',
  phases: ['loading', 'booting', 'connecting'],
  abortIn: 'booting',
  hasEntrance: true,
  lacking: null, // memory: test/commands/usage.test.ts has a machine with too little
  death: {
    bring: (guest) => void guest.execute('poweroff -f').catch(() => undefined), // it may return before the end
    reason: /powered off or halted/,
  },
  held: null, // test/provider/machine.test.ts has a process that must come to its end
});

const MB = 1_000_000;

interface ImageManifest {
  readonly name: string;
  readonly kernel: { readonly sha256: string; readonly release: string };
  readonly initramfs: { readonly sha256: string };
  readonly bios: { readonly sha256: string };
}

const manifest = JSON.parse(readFileSync(packagePath('guest/image/image.json'), 'utf8')) as ImageManifest;

test.serial('5 MB go up and come down again unchanged', async (t) => {
  const guest = contract.guest();
  const content = randomBytes(5 * MB);
  await guest.upload('/tmp/large', [{ path: 'large.bin', content, executable: false }]);
  t.is(await ask(guest, 'sha256sum < /tmp/large/large.bin'), `${sha256(content)}  -`);
  const { output } = await guest.execute('cat /tmp/large/large.bin');
  t.is(sha256(output), sha256(content));
  await ask(guest, 'rm -r /tmp/large');
});

test.serial('one connection serves many small commands, each with its own answer', async (t) => {
  const guest = contract.guest();
  for (let number = 0; number < 60; number += 1) t.is(await ask(guest, `echo ${number}`), String(number));
});

test.serial('the guest is our image, on a 32-bit kernel of the release that the manifest names', async (t) => {
  const guest = contract.guest();
  t.is(await ask(guest, 'uname -srm'), `Linux ${manifest.kernel.release} i686`);
  t.regex(await ask(guest, 'cat /etc/os-release'), /^ID=refigure$/m);
});

test.serial('its identity names each file that was booted by its checksum, and what booted it', (t) => {
  const guest = contract.guest();
  const { image, name, provider, transport } = guest.identity;
  const { kernel, initramfs, bios } = manifest;
  t.is(image.name, manifest.name);
  t.deepEqual(
    image.files.map((file) => file.sha256),
    [kernel.sha256, initramfs.sha256, bios.sha256],
  );
  t.is(name, 'embedded');
  t.regex(provider, /^v86 \d+\.\d+\.\d+(\+\w+)?$/);
  t.like(transport, { kind: 'ssh', hostKey: { source: 'serial console' } });
});

test.serial("the host key learnt from the console is the guest's own", async (t) => {
  const guest = contract.guest();
  const own = await ask(guest, 'dropbearkey -y -f /etc/dropbear/dropbear_ed25519_host_key');
  const { hostKey } = entranceOf(guest);
  t.regex(own, new RegExp(`^ssh-ed25519 ${hostKey.replaceAll('+', '\\+')} `, 'm'));
  t.true(own.split('\n').includes(`Fingerprint: ${fingerprint(hostKey)}`), own);
  t.like(guest.identity.transport, { hostKey: { fingerprint: fingerprint(hostKey) } });
});

test.serial('a server that shows another host key than the console did is refused', async (t) => {
  const guest = contract.guest();
  const error = await t.throwsAsync(openSession(guest, { hostKey: makeKeyPair().publicBody }), {
    instanceOf: GuestError,
  });
  t.regex(error.message, /another host key/);
});

test.serial('a client without the key of this run is refused', async (t) => {
  const guest = contract.guest();
  const error = await t.throwsAsync(openSession(guest, { privateKey: makeKeyPair().privateKey }), {
    instanceOf: GuestError,
  });
  t.regex(error.message, /authentication/i);
  t.is(await ask(guest, 'echo still there'), 'still there');
});

test.serial('no two boots share a host key, a client key or random numbers', async (t) => {
  const guest = contract.guest();
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

contract.end();
