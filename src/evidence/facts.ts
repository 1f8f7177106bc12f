import type { Journal } from './journal.ts';
import type { Evidence } from './open.ts';
import { releaseCommand } from './layout.ts';

/** What the guest said of itself; null where it was not asked, or had no answer. The commands: src/run/facts.sh. */
export interface GuestFacts {
  /** The content of the file that the study names, as /etc/centos-release; null where the guest has none. */
  readonly release: string | null;
  /** PRETTY_NAME of /etc/os-release (os-release(5)). */
  readonly system: string | null;
  readonly kernel: string | null;
  readonly iproute2: string | null;
  readonly iputils: string | null;
  readonly sshd: string | null;
  readonly cpu: string | null;
}

/** As in src/run/facts.sh. */
const sshdCommand = 'sshd -V || dropbear -V';

export function guestFacts({ facts, loaded }: Evidence): GuestFacts {
  const answer = (command: string): string | null => {
    const found = facts?.commands.find(({ text }) => text === command);
    const printed = found?.output.toString('utf8').trim() ?? '';
    return found?.end?.status === 0 && printed !== '' ? printed : null;
  };
  const sshd = facts?.commands.find(({ text }) => text === sshdCommand)?.output.toString('utf8') ?? '';
  const osRelease = answer('cat /etc/os-release');
  return {
    release: answer(releaseCommand(loaded.study.environment.releaseFile)),
    system: osRelease === null ? null : (/^PRETTY_NAME="?(.*?)"?$/m.exec(osRelease)?.[1] ?? null),
    kernel: answer('uname -srvm'),
    iproute2: answer('ip -V'),
    iputils: answer('ping -V')?.split('\n', 1)[0] ?? null,
    // OpenSSH before 9.1 knows no -V, and names its version in the complaint; so the status tells nothing.
    sshd: /OpenSSH_[^\s,]+|Dropbear v\S+/.exec(sshd)?.[0] ?? null,
    cpu: answer("grep -m1 '^model name' /proc/cpuinfo")?.replace(/^model name\s*:\s*/, '') ?? null,
  };
}

/** Seconds that the commands of a journal took, by the guest's clock (resolution 10 ms); n = its ended commands. */
export function commandSeconds({ commands }: Journal): number {
  return commands.reduce((sum, { startS, end }) => sum + (end === null ? 0 : end.uptimeS - startS), 0);
}
