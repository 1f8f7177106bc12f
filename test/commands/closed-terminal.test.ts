import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { verifyRun } from '../../src/audit/verify.ts';
import { shellQuote } from '../../src/core/shell.ts';
import { openRun } from '../../src/evidence/open.ts';
import { limits } from '../support/limits.ts';
import { endlessStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { inherited, program } from './cli.ts';

/** Looks again and again until it is so; fails when it takes too long. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + limits.processMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`it took too long until ${what}`);
    await setTimeout(20);
  }
}

/** Processes of this machine that have a mark in their environment. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false; // it ended just now
    }
  });
}

testWith.serial(
  'tmux',
  'bash',
  'procfs',
)(
  'a run whose terminal is closed, of which kernel and shell both tell it, leaves its report and sound evidence',
  async (t) => {
    const study = await writeStudy(t, endlessStudy);
    const folder = join(await temporaryFolder(t), 'run');
    const mark = `refigure-test-${randomUUID()}`;
    const tmux = (...args: string[]): void => {
      execFileSync('tmux', ['-L', mark, '-f', '/dev/null', ...args], {
        env: { ...inherited(), TERM: 'xterm-256color', REFIGURE_TEST_MARK: mark },
        stdio: 'ignore',
      });
    };
    tmux('new-session', '-d', '-x', '100', '-y', '40', 'bash --norc --noprofile -i');
    t.teardown(() => {
      if (processesWith(mark).length > 0) tmux('kill-server');
    });
    const command = [...program(), 'run', study, '--guest', 'embedded', '--out', folder];
    tmux('send-keys', '-l', command.map(shellQuote).join(' '));
    tmux('send-keys', 'Enter');
    const capture = join(folder, 'captures', 'endless.txt');
    await until('the command printed', () => existsSync(capture) && /icmp_seq=2/.test(readFileSync(capture, 'utf8')));
    tmux('kill-pane');
    await until('the run ended', () => processesWith(mark).length === 0);
    t.regex((await openRun(folder)).record.reason ?? '', /^Interrupted during experiment second, step look/);
    t.like(await verifyRun(folder), { state: 'sound', languages: ['en', 'zh'] });
  },
);
