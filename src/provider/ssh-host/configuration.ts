import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, relative } from 'node:path';
import which from 'which';
import { HostError } from '../../core/errors.ts';
import { askTree, type TreeAnswer } from '../host/ask-tree.ts';
import type { SshSources } from './sources.ts';
import type { SshTarget } from './url.ts';

/** The settings that hold for a host, as the user's own OpenSSH reads them. */
export interface Configuration {
  /** By their names in lower case (ssh_config(5)): each line of `ssh -G` is one value. What is not set is not in it. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
  /** The configuration files that were read, those included too. */
  readonly files: readonly string[];
}

/** A `Match exec` and a look-up of names (`CanonicalizeHostname`) take their time. */
const limitMs = 10_000;
/** Of what `ssh -G` prints, in bytes: some 5,000 are usual. */
const longestAnswer = 1_000_000;

/**
 * Asks OpenSSH for the settings of a host (`ssh -G`). It runs the commands of `Match exec`, as it does at each login.
 * Rejects with HostError where there is no ssh, where it does not answer in time, or refuses the configuration.
 */
export async function readConfiguration(
  target: SshTarget,
  sources: SshSources,
  signal: AbortSignal,
): Promise<Configuration> {
  const ssh = await which('ssh', { nothrow: true }); // on Windows ssh.exe, by PATHEXT
  if (ssh === null) throw missing();
  const asked = [...(await homeOptions(sources)), '-G', ...portAndUser(target), '--', target.host];
  // -v: it names the files that it reads. -T: it does not complain that there is no terminal.
  const answer = await askTree(ssh, ['-T', '-v', ...asked], {
    env: sources.environment,
    limitMs,
    longestAnswer,
    signal,
  });
  if (answer.end !== 0) throw refused(`ssh ${asked.join(' ')}`, answer);
  const files = [...answer.stderr.matchAll(/^debug1: Reading configuration data (.+?)\r?$/gm)];
  return { settings: readSettingLines(answer.stdout), files: files.map(([, path = '']) => path) };
}

/** The options of ssh that say what a target says. */
export function portAndUser({ port, user }: SshTarget): string[] {
  return [...(port === null ? [] : ['-p', String(port)]), ...(user === null ? [] : ['-l', user])];
}

/**
 * OpenSSH goes by the home of the account, whatever HOME says. As everything else here goes by HOME, it is told where
 * that one's file is. The system's own file does not count then.
 */
async function homeOptions({ home }: SshSources): Promise<string[]> {
  if (relative(userInfo().homedir, home) === '') return [];
  const path = join(home, '.ssh', 'config');
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return ['-F', isThere ? path : 'none'];
}

function readSettingLines(text: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const values = settings.get(name.toLowerCase()) ?? [];
    values.push(value);
    settings.set(name.toLowerCase(), values);
  }
  return settings;
}

function refused(command: string, { end, stdout, stderr }: TreeAnswer): HostError {
  const words = stderr.split(/\r?\n/).filter((line) => !/^(debug\d: |OpenSSH_|\s*$)/.test(line));
  const said = words.length === 0 ? 'It said nothing of it.' : `It said:\n${words.slice(-20).join('\n')}`;
  const remedy = `Try \`${command}\`: it has to print the settings of the host.`;
  switch (end) {
    case 'too late':
      return new HostError(
        `OpenSSH did not read its configuration within ${limitMs / 1000} s.`,
        `A \`Match exec\` of the configuration may hang, or a look-up of a name. ${remedy} ${said}`,
      );
    case 'too long':
      return new HostError(
        `OpenSSH printed more than ${longestAnswer / 1000} kB of settings.`,
        `${remedy} Its output begins with: ${stdout.slice(0, 200)}`,
      );
    default:
      return new HostError('The SSH configuration cannot be read.', `\`${command}\` failed. ${said}\n${remedy}`);
  }
}

function missing(): HostError {
  const install =
    process.platform === 'win32'
      ? 'Add it as an optional feature of Windows: `Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0`.'
      : 'Install it: its package is openssh-client (Debian, Ubuntu), openssh-clients (Fedora, CentOS) or openssh.';
  return new HostError(
    'A machine is reached over SSH by the configuration of OpenSSH, and there is no `ssh` on the PATH of this one.',
    `${install} Or choose a guest that is made for the run (\`refigure guests\` lists them).`,
  );
}
