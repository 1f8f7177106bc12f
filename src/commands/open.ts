import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import open from 'open';
import { EvidenceError, exitStatus, HostError, messageOf } from '../core/errors.ts';
import { stdout } from '../core/terminal.ts';
import { layout } from '../evidence/layout.ts';
import type { Language } from '../report/language.ts';

export interface OpenOptions {
  readonly lang: Language;
  readonly print?: true;
}

/** Says where the page of a run is, and opens it in the browser. */
export async function openCommand(folder: string, { lang, print }: OpenOptions): Promise<number> {
  const page = resolve(folder, layout.page(lang));
  requirePage(folder, page);
  stdout.write(`${page}\n`);
  if (print !== true) await launch(page);
  return exitStatus.upheld;
}

function requirePage(folder: string, page: string): void {
  if (!existsSync(resolve(folder, layout.run))) {
    throw new EvidenceError(`${folder} holds no run.`, 'Name the folder of a run, as `refigure run` prints it.');
  }
  if (!existsSync(page)) throw new EvidenceError(`${page} is missing.`, `\`refigure report ${folder}\` makes it.`);
}

async function launch(page: string): Promise<void> {
  if (!mayHaveBrowser()) throw new HostError('There is no display here to open it on.', openHint);
  try {
    await started(await open(page));
  } catch (error) {
    throw new HostError(`No browser opened it: ${messageOf(error)}`, openHint, { cause: error });
  }
}

const openHint = 'Open the file above in a browser, here or elsewhere: it needs no other file and no network.';

/** Without a display xdg-open would take a browser for terminals, of which nothing would be seen. */
function mayHaveBrowser({ platform, env }: NodeJS.Process = process): boolean {
  const displays = ['DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER', 'WSL_DISTRO_NAME'];
  return platform !== 'linux' || displays.some((name) => (env[name] ?? '') !== '');
}

/** How long a launcher is given to fail; one that runs on is the browser itself. */
const failingMs = 5000;

async function started(launcher: ChildProcess): Promise<void> {
  if (launcher.exitCode === null) {
    const patience = new AbortController();
    const timer = setTimeout(() => {
      patience.abort();
    }, failingMs);
    try {
      await once(launcher, 'exit', { signal: patience.signal });
    } catch (error) {
      if (!patience.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
  }
  if (launcher.exitCode !== null && launcher.exitCode !== 0) {
    throw new Error(`the system's opener ended with status ${launcher.exitCode}`);
  }
}
