import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { execa } from 'execa';
import { sha256 } from '../../src/core/hash.ts';
import { packagePath } from '../../src/core/package.ts';

/** The package as a user has it: packed, then unpacked into a folder of its own. */
export interface InstalledPackage {
  readonly folder: string;
  /** Its files when it was installed, each with its SHA-256: `dist/cli.js`, and so on. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Packs a clean copy of this checkout, which builds it, and installs the tarball below `folder`. In place of a download it
 * gets links to those packages of the checkout that it names as its dependencies, and to no other.
 */
export async function installPackage(folder: string): Promise<InstalledPackage> {
  const checkout = join(folder, 'checkout');
  await cp(packagePath('.'), checkout, { recursive: true, filter: isCommitted });
  await symlink(packagePath('node_modules'), join(checkout, 'node_modules'), 'junction');
  await execa('npm', ['pack', '--silent', '--offline', '--pack-destination', folder], { cwd: checkout });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await execa('tar', ['-xzf', tarball], { cwd: folder }); // Windows has one, too
  const modules = join(folder, 'home', 'node_modules');
  const installed = join(modules, 'refigure');
  await mkdir(modules, { recursive: true });
  await cp(join(folder, 'package'), installed, { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(packagePath(`node_modules/${name}`), join(modules, name), 'junction');
  }
  return { folder: installed, files: await filesOf(installed) };
}

/** Every file below a folder, by its path with `/`, with the SHA-256 of what is in it. */
export async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, string>();
  for (const path of paths.sort()) {
    files.set(relative(folder, path).split(sep).join('/'), sha256(await readFile(path)));
  }
  return files;
}

function isCommitted(path: string): boolean {
  const name = relative(packagePath('.'), path).split(sep).join('/');
  return !/^(?:\.git|\.vagrant|dist|node_modules)$|^reports\/[^/]+\/\d/.test(name);
}
