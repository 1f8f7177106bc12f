import type { Journal } from './journal.ts';
import type { Evidence } from './open.ts';

/** What the guest said of itself; null where it was not asked, or had no answer. The questions: src/run/probes.sh. */
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

export function guestFacts({ facts, journals }: Evidence): GuestFacts {
  // The release was asked for before the first step, so that no step could change it; in format 1 with all the rest.
  const early = [...journals.values()].flatMap(({ commands }) => commands.filter(({ purpose }) => purpose === 'facts'));
  const asked = new Map([...(facts?.commands ?? []), ...early].map((command) => [command.id, command]));
  const answer = (probe: string): string | null => {
    const found = asked.get(probe);
    const printed = found?.output.toString('utf8').trim() ?? '';
    return found?.end?.status === 0 && printed !== '' ? printed : null;
  };
  const sshd = asked.get('sshd')?.output.toString('utf8') ?? '';
  const osRelease = answer('system');
  return {
    release: answer('release'),
    system: osRelease === null ? null : (/^PRETTY_NAME="?(.*?)"?$/m.exec(osRelease)?.[1] ?? null),
    kernel: answer('kernel'),
    iproute2: answer('iproute2'),
    iputils: answer('iputils')?.split('\n', 1)[0] ?? null,
    // OpenSSH before 9.1 knows no -V, and names its version in the complaint; so the status tells nothing.
    sshd: /OpenSSH_[^\s,]+|Dropbear v\S+/.exec(sshd)?.[0] ?? null,
    cpu: answer('cpu')?.replace(/^model name\s*:\s*/, '') ?? null,
  };
}

/** Seconds that the commands of a journal took, by the guest's clock (resolution 10 ms); n = its ended commands. */
export function commandSeconds({ commands }: Journal): number {
  return commands.reduce((sum, { startS, end }) => sum + (end === null ? 0 : end.uptimeS - startS), 0);
}
