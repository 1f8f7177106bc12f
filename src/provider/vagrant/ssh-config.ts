import SSHConfig from 'ssh-config';
import { HostError } from '../../core/errors.ts';

/** How to get into a machine, as `vagrant ssh-config` tells it. */
export interface SshAccess {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Files with private keys, in the order in which they are to be tried. */
  readonly identityFiles: readonly string[];
}

/** Reads what `vagrant ssh-config` printed (ssh_config(5)). Throws HostError when it names no host, user or key. */
export function readSshConfig(text: string): SshAccess {
  const settings = settingsIn(text);
  const { HostName: hostName, Port: port, User: user, IdentityFile: identityFile } = settings;
  if (typeof hostName !== 'string' || typeof user !== 'string' || identityFile === undefined) {
    throw new HostError(
      `\`vagrant ssh-config\` tells no way into the machine:\n${text}`,
      'Run `vagrant ssh-config` by hand in the same folder, and report what it says.',
    );
  }
  return { hostName, user, port: Number(port ?? 22), identityFiles: [identityFile].flat() };
}

/** Those of the first host that it tells of; none where it is no such text. */
function settingsIn(text: string): Readonly<Record<string, string | string[]>> {
  try {
    const config = SSHConfig.parse(text);
    const section = config.find((line) => line.type === SSHConfig.DIRECTIVE && line.param.toLowerCase() === 'host');
    const host = section?.type === SSHConfig.DIRECTIVE ? section.value : undefined;
    return typeof host === 'string' ? config.compute(host) : {};
  } catch {
    return {};
  }
}
