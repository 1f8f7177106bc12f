import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { list, serve } from '../support/http-server.ts';
import { filesOf, installPackage, type InstalledPackage } from '../support/installed-package.ts';
import { limits } from '../support/limits.ts';
import { smallStudy, writeStudy } from '../support/small-study.ts';
import { shared, temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';

// What `npm install` gives to a user, who has no checkout and may not write where the package is. Whether something was
// written there is seen by its files: to root, no folder is read-only.

const installed = shared(installPackage);

test.serial('what is read at run time is in the package; tests, reports and sources are not', async (t) => {
  t.timeout(limits.processMs);
  const packed = [...(await installed()).files.keys()];
  const named = [...(await filesOf(packagePath('src')))].map(([file]) => readFile(packagePath(`src/${file}`), 'utf8'));
  // Of a name that is put together when it is needed, what stands before the first `${`.
  const read = (await Promise.all(named)).flatMap((text) =>
    [...text.matchAll(/packagePath\(\s*['"`]([^'"`$]+)/g)].map(([, name = '']) => name),
  );
  t.true(read.includes('guest/catalogue.yaml') && read.includes('src/run/'), 'the names are found');
  const missing = read
    .filter((name) => !['.', '.git', 'src/cli.ts'].includes(name))
    .filter((name) => !isIn(packed, name));
  t.deepEqual(missing, []);
  const scripts = [...(await filesOf(packagePath('src'))).keys()].filter((name) => !/\.(?:ts|mjs)$/.test(name));
  t.deepEqual(
    scripts.filter((name) => !packed.includes(`src/${name}`)),
    [],
  );
  t.deepEqual(
    packed.filter((name) => /\.ts$|^test\/|^bench\/|^reports\/(?!templates\/)/.test(name)),
    [],
  );
});

test.serial('an installed package runs a study, and writes nothing into its own folder', async (t) => {
  t.timeout(limits.processMs);
  const package_ = await installed();
  const user = await newUser(t, package_);
  t.is(await user.succeeds('--version'), `${packageVersion}\n`);
  t.regex(await user.succeeds('doctor'), /embedded/);
  const study = await writeStudy(t, smallStudy);
  await user.succeeds('lint', study);
  await user.succeeds('run', study, '--guest', 'embedded', '--out', 'run', '--quiet');
  await user.succeeds('report', 'run');
  await user.succeeds('report', 'run', '--lang', 'zh');
  t.regex(await user.succeeds('verify', 'run'), /^run: sound\./);
  await unchanged(t, package_);
});

test.serial(
  'an installed package keeps the checksums that it pins in the user’s folder, and finds them there',
  async (t) => {
    t.timeout(limits.processMs);
    const package_ = await installed();
    const user = await newUser(t, package_);
    const image = Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), Buffer.alloc(104), randomBytes(1000)]);
    const { base, asked } = await serve(t, { '/list': list(image, imageName) });
    await withCatalogue(t, package_, base, async () => {
      await writeFile(join(user.home, 'given'), image);
      await user.succeeds('guests', 'fetch', guestName, '--image', 'given');
      t.regex(await readFile(join(user.home, 'data', 'catalogue.lock.yaml'), 'utf8'), new RegExp(`file: ${imageName}`));
      t.deepEqual(asked, ['GET /list', 'GET /key']);

      await writeFile(join(user.home, 'other'), Buffer.concat([image, Buffer.from('!')]));
      const user2 = { ...user.env, REFIGURE_CACHE: join(user.home, 'cache 2') };
      const other = await user.call(['guests', 'fetch', guestName, '--image', 'other'], user2);
      t.is(other.exitCode, 69);
      t.regex(other.stderr, /other is not .*: SHA-256 [0-9a-f]{64} instead of/);
      t.is(asked.length, 2, 'what is pinned is not asked for again');
    });
  },
);

testWith.serial('vagrant')(
  'an installed package keeps Vagrant’s notes of its machine in the user’s folder',
  async (t) => {
    t.timeout(limits.processMs);
    const package_ = await installed();
    const user = await newUser(t, package_);
    const script = `
    const [{ vagrantEnvironment, packageFolder }, { Vagrant }, { defaultCatalogue }] = await Promise.all(
      ['vagrant/environment', 'vagrant/vagrant', 'catalogue/catalogue'].map((name) => import(process.argv[1] + name + '.js')));
    const { variables, byHand } = vagrantEnvironment(packageFolder, 'centos-7.6', defaultCatalogue, null);
    const vagrant = new Vagrant(packageFolder, variables, byHand);
    await vagrant.call(['status'], { limitMs: 120000, signal: new AbortController().signal });
    console.log(vagrant.where);`;
    const base = pathToFileURL(join(package_.folder, 'dist', 'provider', '/')).href;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script, base], {
      cwd: user.home,
      env: user.env,
    });
    t.regex(stdout, /with VAGRANT_DOTFILE_PATH=.*data.vagrant.[0-9a-f]{8} in the environment$/);
    t.true([...(await filesOf(join(user.home, 'data'))).keys()].some((name) => /^vagrant\/[0-9a-f]{8}\//.test(name)));
    await unchanged(t, package_);
  },
);

const guestName = 'test-guest';
const imageName = 'a.qcow2';

/** The same package with another catalogue, whose list is on a server of the test. */
async function withCatalogue(
  t: ExecutionContext,
  package_: InstalledPackage,
  base: string,
  work: () => Promise<void>,
): Promise<void> {
  const path = join(package_.folder, 'guest', 'catalogue.yaml');
  const before = await readFile(path);
  const checksums = { list: `${base}/list`, key: `${base}/key`, fingerprint: '0'.repeat(40) };
  const image = { format: 'qcow2', name: 'a', file: imageName, user: 'me', urls: [`${base}/${imageName}`], checksums };
  const guest = { description: 'a', release: { file: '/etc/a', contains: 'a' }, architecture: 'x86_64' };
  await writeFile(path, JSON.stringify({ format: 1, guests: { [guestName]: { ...guest, images: [image] } } }));
  try {
    await work();
  } finally {
    await writeFile(path, before);
  }
  await unchanged(t, package_);
}

async function newUser(t: ExecutionContext, { folder }: InstalledPackage) {
  const home = await temporaryFolder(t);
  const env = {
    REFIGURE_CACHE: join(home, 'cache'),
    REFIGURE_DATA: join(home, 'data'),
    VAGRANT_HOME: join(home, 'vagrant'),
  };
  const call = (args: readonly string[], environment: Readonly<Record<string, string>> = env) =>
    execa(process.execPath, [join(folder, 'dist', 'cli.js'), ...args], {
      cwd: home,
      env: environment,
      reject: false,
      stripFinalNewline: false,
      timeout: limits.processMs,
    });
  const succeeds = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stderr, stdout } = await call(args);
    t.is(exitCode, 0, `${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  return { home, env, call, succeeds };
}

async function unchanged(t: ExecutionContext, { folder, files }: InstalledPackage): Promise<void> {
  t.deepEqual(await filesOf(folder), files);
}

/** A file; or a folder, or the beginning of a name, of which there are files. */
function isIn(packed: readonly string[], name: string): boolean {
  return packed.some((file) => file === name || file.startsWith(/[/.]$/.test(name) ? name : `${name}/`));
}
