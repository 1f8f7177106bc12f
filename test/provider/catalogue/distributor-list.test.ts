import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';
import { HostError } from '../../../src/core/errors.ts';
import type { CatalogueFile } from '../../../src/provider/catalogue/catalogue.ts';
import { readDistributorList } from '../../../src/provider/catalogue/distributor-list.ts';
import { serve, whole } from '../../support/http-server.ts';
import { testWith } from '../../support/tools.ts';

// Lists that the real gpg signs, with keys made here, served by a real server on the loopback interface.

const testGpg = testWith('gpg');
const run = promisify(execFile);
const never = new AbortController().signal;
const sum = 'a'.repeat(64);
const text = `${'b'.repeat(64)}  other.box\n${sum}  a.box\n`;

interface Signer {
  readonly fingerprint: string;
  readonly publicKey: string;
  readonly sign: (content: string) => Promise<string>;
}

async function makeSigner(t: ExecutionContext): Promise<Signer> {
  const home = await mkdtemp(join(tmpdir(), 'gpg-')); // short: gpg-agent's socket is in it
  const gpg = async (...args: string[]): Promise<string> =>
    (await run('gpg', ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...args]))
      .stdout;
  t.teardown(async () => {
    await run('gpgconf', ['--homedir', home, '--kill', 'all']);
    await rm(home, { recursive: true, force: true });
  });
  await gpg('--quick-generate-key', 'Test <test@example.org>', 'rsa2048', 'sign', '1d');
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(await gpg('--with-colons', '--list-keys'))?.[1] ?? '';
  return {
    fingerprint,
    publicKey: await gpg('--armor', '--export'),
    sign: async (content) => {
      const file = join(home, 'list');
      await writeFile(file, content);
      await gpg('--yes', '--clear-sign', file);
      return readFile(`${file}.asc`, 'utf8');
    },
  };
}

/** The file of a distributor whose list and key are these; a null is a 404. */
async function fileOf(
  t: ExecutionContext,
  {
    list,
    key,
    fingerprint,
  }: { readonly list: string | null; readonly key: string | null; readonly fingerprint: string },
): Promise<CatalogueFile> {
  const { base } = await serve(t, {
    ...(list !== null && { '/list': whole(Buffer.from(list)) }),
    ...(key !== null && { '/key': whole(Buffer.from(key)) }),
  });
  return {
    name: 'a',
    file: 'a.box',
    bytes: null,
    user: 'vagrant',
    urls: [`${base}/a.box`],
    checksums: { list: `${base}/list`, key: `${base}/key`, fingerprint },
  };
}

testGpg('a list with a good signature gives the checksum, and says that the signature is good', async (t) => {
  const { fingerprint, publicKey: key, sign } = await makeSigner(t);
  const box = await fileOf(t, { list: await sign(text), key, fingerprint });
  const listed = await readDistributorList(box, never);
  t.like(listed, { state: 'listed', pin: { file: 'a.box', sha256: sum, signature: 'good', because: null } });
});

testGpg('a list that was changed, is signed by another key or by none is refused', async (t) => {
  const [signer, other] = await Promise.all([makeSigner(t), makeSigner(t)]);
  const signed = await signer.sign(text);
  const { fingerprint, publicKey: key } = signer;
  for (const list of [signed.replace(sum, 'c'.repeat(64)), await other.sign(text), text]) {
    const error = await t.throwsAsync(readDistributorList(await fileOf(t, { list, key, fingerprint }), never), {
      instanceOf: HostError,
    });
    t.regex(error.message, /The signature of http.*\/list is not by the key [0-9A-F]{40}:/);
  }
  const swapped = await fileOf(t, { list: await other.sign(text), key: other.publicKey, fingerprint });
  await t.throwsAsync(
    readDistributorList(swapped, never),
    { instanceOf: HostError },
    'the key is held to its fingerprint',
  );
});

testGpg('what lies outside the signed part of a list counts for nothing', async (t) => {
  const { fingerprint, publicKey: key, sign } = await makeSigner(t);
  const signed = await sign(text);
  const forged = `${'c'.repeat(64)}  a.box\n`;
  for (const list of [forged + signed, signed + forged]) {
    const listed = await readDistributorList(await fileOf(t, { list, key, fingerprint }), never).catch(() => null);
    t.true(listed === null || (listed.state === 'listed' && listed.pin.sha256 === sum));
  }
});

testGpg(
  'a key that cannot be had leaves the signature unchecked, and says so; a list or a line that is missing pins nothing',
  async (t) => {
    const { fingerprint, publicKey: key, sign } = await makeSigner(t);
    const list = await sign(text);
    const unchecked = await readDistributorList(await fileOf(t, { list, key: null, fingerprint }), never);
    t.like(unchecked, { state: 'listed', pin: { sha256: sum, signature: 'not checked' } });
    t.regex(unchecked.state === 'listed' ? (unchecked.pin.because ?? '') : '', /\/key: the server answers 404/);

    const without = await readDistributorList(await fileOf(t, { list: null, key, fingerprint }), never);
    t.regex(without.state === 'unknown' ? without.because : '', /\/list: the server answers 404/);
    const box = await fileOf(t, { list, key, fingerprint });
    const unlisted = await readDistributorList({ ...box, file: 'unheard-of.box' }, never);
    t.regex(unlisted.state === 'unknown' ? unlisted.because : '', /has no line for unheard-of\.box/);
    t.like(await readDistributorList({ ...box, checksums: null }, never), { state: 'unknown' });
  },
);
