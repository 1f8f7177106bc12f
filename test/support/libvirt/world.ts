import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { packagePath } from '../../../src/core/package.ts';
import { Cli } from '../../commands/cli.ts';
import { testBox } from './box.ts';

const run = promisify(execFile);

/** The catalogue's name for the box of the tests. */
export const testGuest = 'test-debian';

/**
 * A libvirt of its own with no way out (world.sh), a Vagrant with a home of its own, and a catalogue that holds one guest:
 * a box made here. Programs are run inside by `enter`.
 */
export class LibvirtWorld {
  readonly folder: string;
  readonly catalogue: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #holder: ChildProcess;
  readonly #pid: string;
  readonly #ended: Promise<unknown>;

  private constructor(folder: string, holder: ChildProcess, pid: string) {
    this.folder = folder;
    this.catalogue = join(folder, 'catalogue.yaml');
    this.#holder = holder;
    this.#ended = once(holder, 'exit');
    this.#pid = pid;
    this.env = {
      VAGRANT_HOME: join(folder, 'vagrant'),
      VAGRANT_DOTFILE_PATH: join(folder, 'dotfile'),
      REFIGURE_ACCELERATOR: 'tcg', // a /dev/kvm that hangs would take the tests along
    };
  }

  static async open(): Promise<LibvirtWorld> {
    const box = await testBox();
    const folder = await mkdtemp(join(tmpdir(), 'refigure-world-'));
    const script = fileURLToPath(new URL('world.sh', import.meta.url));
    const flags = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
    // It ends when its input does: at the latest when this process ends.
    const holder = spawn('unshare', [...flags, 'bash', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const said = String(((await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])) as unknown[])[0]);
    if (said.trim() !== 'ready') throw new Error(`the world of libvirt did not start: ${said}`);
    const children = await readFile(`/proc/${String(holder.pid)}/task/${String(holder.pid)}/children`, 'utf8');
    const world = new LibvirtWorld(folder, holder, children.trim().split(' ')[0] ?? '');
    await writeFile(world.catalogue, catalogueOf(box));
    return world;
  }

  /** The command that runs another one inside, as its only child, in the current folder. */
  enter(cwd = packagePath('.')): string[] {
    return ['nsenter', '-t', this.#pid, '--mount', '--net', '--pid', `--wd=${cwd}`];
  }

  /** Runs a program inside to its end; rejects when it fails. */
  async run(program: string, args: readonly string[]): Promise<string> {
    const [command = '', ...rest] = [...this.enter(), program, ...args];
    const env = { ...process.env, ...this.env, REFIGURE_GUEST: testGuest, REFIGURE_CATALOGUE: this.catalogue };
    const { stdout } = await run(command, rest, { env });
    return stdout;
  }

  /** The product's command line, inside. */
  refigure(args: readonly string[], env: Readonly<Record<string, string>> = {}): Cli {
    const catalogue = ['--catalogue', this.catalogue];
    return new Cli([...args, ...catalogue], { within: this.enter(), env: { ...this.env, ...env } });
  }

  /** The machines that libvirt has, running or not. */
  async machines(): Promise<string[]> {
    return (await this.run('virsh', ['--quiet', 'list', '--all', '--name'])).split('\n').filter((name) => name !== '');
  }

  async close(): Promise<void> {
    this.#holder.stdin?.end();
    await this.#ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

function catalogueOf(box: string): string {
  return `format: 1
guests:
  ${testGuest}:
    description: Debian 12, in place of CentOS 7.6
    release: { file: /etc/debian_version, contains: '12.' }
    architecture: x86_64
    boxes:
      - provider: libvirt
        name: refigure-test-debian
        file: test.box
        user: vagrant
        urls: ['${pathToFileURL(box).href}']
`;
}
