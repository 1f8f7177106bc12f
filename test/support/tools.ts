import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { hasNode } from './node-versions.ts';

/** What a test can need beside an executable on the PATH, and how it is looked for. */
const probes: Readonly<Record<string, () => boolean>> = {
  /** Linux's /proc, which journal.sh reads. */
  procfs: () => isAccessible('/proc/uptime', constants.R_OK),
  root: () => process.getuid?.() === 0,
  /** A browser of Chromium's family, which the browser tests drive. */
  chromium: () => chromiumPath() !== null,
  /** Another Node than the one that runs the tests: support/node-versions.ts installs it. */
  'node 26': () => hasNode('node 26'),
  /** A font for Chinese, as fontconfig finds one. */
  'Chinese font': () => fontsFor('zh') !== '',
  /** The right to mount a file system in memory (root on Linux). */
  tmpfs: canMount,
  /** What support/libvirt/ needs: root, Vagrant with libvirt, and what builds a box. */
  'vagrant with libvirt': () =>
    canMount() &&
    ['vagrant', 'libvirtd', 'virtlogd', 'virsh', 'nsenter', 'unshare', 'mmdebstrap', 'mke2fs', 'qemu-img'].every(
      isThere,
    ),
  /** What support/qemu/ needs to make a disk and to boot it. */
  'cloud disk': () =>
    canMount() &&
    ['qemu-system-x86_64', 'qemu-img', 'mmdebstrap', 'mke2fs', 'sfdisk', 'mformat', 'mcopy', 'syslinux'].every(isThere),
};

/** Comma-separated names of tools that the run says are there, or `all`: a test that lacks one of them fails. */
const required = (process.env['REFIGURE_REQUIRE'] ?? '').split(',');

type Run = (t: ExecutionContext) => void | Promise<void>;

/**
 * `test`, where all the tools are there. Where one is missing the test is skipped, and its title says why; it fails
 * instead when REFIGURE_REQUIRE says that the tool must be there.
 */
export function testWith(...tools: readonly string[]): (title: string, run: Run) => void {
  return withTools(test, tools);
}

/** The same for tests that come one after another. */
testWith.serial = (...tools: readonly string[]): ((title: string, run: Run) => void) => withTools(test.serial, tools);

/** What such tests need before the first of them; nothing where they are skipped. */
testWith.before = (...tools: readonly string[]): ((run: Run) => void) => {
  return (run) => {
    if (tools.every(isThere)) test.before(run);
  };
};

function withTools(define: typeof test.serial, tools: readonly string[]): (title: string, run: Run) => void {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) return define;
  const mustBeThere = missing.filter((tool) => required.includes('all') || required.includes(tool));
  return (title, run) => {
    if (mustBeThere.length === 0) test.skip(`${title} (skipped: there is no ${missing.join(', no ')})`, run);
    else {
      test(title, (t) => {
        t.fail(`REFIGURE_REQUIRE says that there is ${mustBeThere.join(', ')}, and there is not`);
      });
    }
  };
}

export function isThere(tool: string): boolean {
  const probe = probes[tool];
  return probe === undefined ? locate(tool) !== null : probe();
}

/** Where on the PATH an executable is; null where it is not. */
export function locate(tool: string): string | null {
  const names = process.platform === 'win32' ? [`${tool}.exe`, `${tool}.cmd`] : [tool];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find((path) => isAccessible(path, constants.X_OK)) ?? null;
}

/** Where Chromium is, under the names that systems give it; null where it is not. */
export function chromiumPath(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  return names.map(locate).find((path) => path !== null) ?? null;
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function fontsFor(language: string): string {
  try {
    return execFileSync('fc-list', [`:lang=${language}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'refigure-probe-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}
