import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { HostError } from '../../core/errors.ts';
import { readConfiguration, type Configuration } from './configuration.ts';
import { namesOf } from './known-hosts.ts';
import type { SshSources } from './sources.ts';
import { parseSshTarget, type SshTarget } from './url.ts';

/** How to get into a machine, as ssh would. */
export interface HostSettings {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Of private keys, in the order in which they are to be tried; not all need be there. */
  readonly identityFiles: readonly string[];
  /** No key is tried but those of the files, also of those that the agent has. */
  readonly identitiesOnly: boolean;
  /** Sockets, or pipes, of agents: the first one that answers counts. */
  readonly agents: readonly string[];
  /** Under which names its host keys may be known, the one that counts first. */
  readonly knownAs: readonly string[];
  readonly knownHostsFiles: readonly string[];
  /** The machine through which it is reached. */
  readonly jump: HostSettings | null;
  /** The command that reaches it, for the user. */
  readonly command: string;
}

const defaultKeys = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
const windowsAgents = ['\\\\.\\pipe\\openssh-ssh-agent', 'pageant'];
const longestChain = 8;

/**
 * The settings for a machine by the user's SSH configuration. Rejects with HostError where it cannot be read, or asks for
 * what is not supported.
 */
export async function readSettings(target: SshTarget, sources: SshSources, depth = 0): Promise<HostSettings> {
  const configuration = await readConfiguration(target, sources);
  const first = (name: string): string | undefined => configuration.get(name)?.[0];
  const port = target.port ?? Number(first('port') ?? 22);
  const user = target.user ?? first('user') ?? userInfo().username;
  const hostName = expandTokens(first('hostname') ?? target.host, { h: target.host });
  const alias = first('hostkeyalias') ?? null;
  const paths = pathReader(sources, {
    d: sources.home,
    h: hostName,
    k: alias ?? target.host,
    n: target.host,
    p: String(port),
    r: user,
    u: userInfo().username,
  });
  const proxyCommand = first('proxycommand');
  if (proxyCommand !== undefined && proxyCommand.toLowerCase() !== 'none') {
    throw new HostError(
      'The SSH configuration reaches the machine by a ProxyCommand, which is not supported.',
      'ProxyJump is: name the machine between with it, or give an address that can be reached directly.',
    );
  }
  const folder = join(sources.home, '.ssh');
  return {
    hostName,
    port,
    user,
    identityFiles: paths(configuration.get('identityfile') ?? defaultKeys.map((name) => join(folder, name))),
    identitiesOnly: first('identitiesonly')?.toLowerCase() === 'yes',
    agents: agentsOf(first('identityagent'), sources, paths),
    knownAs: namesOf(hostName, port, alias),
    knownHostsFiles: [
      ...paths(listed(configuration, 'userknownhostsfile') ?? both(folder, 'known_hosts')),
      ...paths(listed(configuration, 'globalknownhostsfile') ?? both(sources.systemFolder, 'ssh_known_hosts')),
    ],
    jump: await jumpOf(first('proxyjump'), sources, depth),
    command: `ssh${target.port === null ? '' : ` -p ${target.port}`} ${target.user === null ? '' : `${target.user}@`}${target.host}`,
  };
}

function both(folder: string, name: string): string[] {
  return [join(folder, name), join(folder, `${name}2`)];
}

/** A list that ssh-config may have left in one piece. */
function listed(configuration: Configuration, name: string): string[] | undefined {
  return configuration.get(name)?.flatMap((value) => value.split(/\s+/));
}

function agentsOf(
  asked: string | undefined,
  { environment }: SshSources,
  paths: (list: readonly string[]) => string[],
): string[] {
  const own = environment['SSH_AUTH_SOCK'];
  const named = asked?.startsWith('$') === true ? environment[asked.replaceAll(/[${}]/g, '')] : asked;
  if (asked !== undefined && asked !== 'SSH_AUTH_SOCK') return paths(named === undefined ? [] : [named]);
  return [...(own === undefined || own === '' ? [] : [own]), ...(process.platform === 'win32' ? windowsAgents : [])];
}

/** The last machine of a list is reached through the ones before it. */
async function jumpOf(value: string | undefined, sources: SshSources, depth: number): Promise<HostSettings | null> {
  if (value === undefined || value.toLowerCase() === 'none') return null;
  if (depth === longestChain) {
    throw new HostError(
      'The SSH configuration leads from one machine to another without an end.',
      'See its ProxyJump.',
    );
  }
  const hops = value.split(',').map((hop) => hop.trim().replace(/^ssh:\/\//, ''));
  let reached: HostSettings | null = null;
  for (const hop of hops) {
    const settings: HostSettings = await readSettings(parseSshTarget(hop), sources, depth + 1);
    reached = { ...settings, jump: reached ?? settings.jump };
  }
  return reached;
}

/** Reads paths as ssh_config(5) writes them: `~`, tokens, variables of the environment; `none` is no path. */
function pathReader(
  { home, environment }: SshSources,
  tokens: Readonly<Record<string, string>>,
): (list: readonly string[]) => string[] {
  return (list) =>
    list
      .filter((path) => path.toLowerCase() !== 'none')
      .map((path) => {
        const full = path
          .replace(/^~(?=[/\\]|$)/, () => home)
          .replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => environment[name] ?? whole);
        const expanded = expandTokens(full, tokens);
        return isAbsolute(expanded) || expanded === 'pageant' ? expanded : join(process.cwd(), expanded);
      });
}

/** A token that is not among these stays as it is. */
function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%([A-Za-z%])/g, (whole, letter: string) =>
    letter === '%' ? '%' : (tokens[letter] ?? whole),
  );
}
