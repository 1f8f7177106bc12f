import { userInfo } from 'node:os';
import { HostError } from '../../core/errors.ts';
import { portAndUser, readConfiguration, type Configuration } from './configuration.ts';
import { partList } from './file-list.ts';
import { namesOf } from './known-hosts.ts';
import { expandTokens, readPaths, type Tokens } from './paths.ts';
import type { SshSources } from './sources.ts';
import { parseSshTarget, type SshTarget } from './url.ts';

/** How to get into a machine, as ssh would. */
export interface HostSettings {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** 4 or 6: only addresses of this kind are tried; 0: both. */
  readonly family: 0 | 4 | 6;
  /** The address of this machine that the connection comes from; null: the system chooses. */
  readonly bindAddress: string | null;
  /** Of private keys, in the order in which they are to be tried; not all need be there. */
  readonly identityFiles: readonly string[];
  /** That are named; ssh also takes what lies beside a key. */
  readonly certificateFiles: readonly string[];
  /** No key is tried but those of the files, also of those that the agent has. */
  readonly identitiesOnly: boolean;
  /** Sockets, or pipes, of agents: the first one that answers counts. */
  readonly agents: readonly string[];
  /** Under which names its host keys may be known, the one that counts first. */
  readonly knownAs: readonly string[];
  readonly knownHostsFiles: readonly string[];
  /** How it is reached. */
  readonly way: Way;
  /** Whether it is but on the way to another one. */
  readonly isBetween: boolean;
  /** The command that reaches it, for the user. */
  readonly command: string;
}

/** `jump`: through another machine; `proxy`: through a command of the user's, ready for the shell. */
export type Way =
  | { readonly kind: 'direct' }
  | { readonly kind: 'jump'; readonly over: HostSettings }
  | { readonly kind: 'proxy'; readonly line: string };

const windowsAgents = ['\\\\.\\pipe\\openssh-ssh-agent', 'pageant'];
const longestChain = 8;

/** How the settings of a machine are looked up. */
export interface Lookup {
  readonly sources: SshSources;
  readonly signal: AbortSignal;
  /** How many machines lead to this one by `ProxyJump`. */
  readonly depth?: number;
  /** The machine before it in a list of ProxyJump: then its own settings say nothing of its way. */
  readonly over?: HostSettings | null;
}

/**
 * The settings for a machine by the user's SSH configuration. Rejects with HostError where it cannot be read, or asks for
 * what is not supported.
 */
export async function readSettings(target: SshTarget, lookup: Lookup): Promise<HostSettings> {
  const { sources, signal, depth = 0, over = null } = lookup;
  const configuration = await readConfiguration(target, sources, signal);
  const { settings } = configuration;
  const first = (name: string): string | null => settings.get(name)?.[0] ?? null;
  const port = Number(first('port') ?? 22);
  const user = first('user') ?? userInfo().username;
  const hostName = first('hostname') ?? target.host;
  const alias = first('hostkeyalias');
  const tokens: Tokens = {
    d: sources.home,
    h: hostName,
    k: alias ?? target.host,
    n: target.host,
    p: String(port),
    r: user,
    u: userInfo().username,
  };
  return {
    hostName,
    port,
    user,
    family: { inet: 4 as const, inet6: 6 as const }[first('addressfamily') ?? ''] ?? 0,
    bindAddress: unlessNone(first('bindaddress')),
    identityFiles: readPaths(settings.get('identityfile') ?? [], tokens, sources),
    certificateFiles: readPaths(settings.get('certificatefile') ?? [], tokens, sources),
    identitiesOnly: first('identitiesonly') === 'yes',
    agents: agentsOf(first('identityagent'), tokens, sources),
    knownAs: namesOf(hostName, port, alias),
    knownHostsFiles: await knownHostsFilesOf(configuration, tokens, sources),
    way: over === null ? await wayTo(settings, tokens, lookup) : { kind: 'jump', over },
    isBetween: depth > 0,
    command: ['ssh', ...portAndUser(target), target.host].join(' '),
  };
}

function unlessNone(value: string | null): string | null {
  return value?.toLowerCase() === 'none' ? null : value;
}

async function knownHostsFilesOf(
  { settings, files }: Configuration,
  tokens: Tokens,
  sources: SshSources,
): Promise<string[]> {
  const written = { files, tokens, environment: sources.environment };
  const lists = ['userknownhostsfile', 'globalknownhostsfile'].map((option) =>
    partList(settings.get(option)?.[0] ?? 'none', option, written),
  );
  return readPaths((await Promise.all(lists)).flat(), null, sources);
}

/** `none` is no agent at all. Where nothing is set, an agent of Windows needs no variable. */
function agentsOf(asked: string | null, tokens: Tokens, sources: SshSources): string[] {
  const own = sources.environment['SSH_AUTH_SOCK'] ?? '';
  if (asked === null || asked === 'SSH_AUTH_SOCK') {
    return [...(own === '' ? [] : [own]), ...(process.platform === 'win32' ? windowsAgents : [])];
  }
  const variable = /^\$\{?(\w+)\}?$/.exec(asked)?.[1];
  const named = variable === undefined ? asked : (sources.environment[variable] ?? '');
  return named === '' ? [] : readPaths([expandTokens(named, tokens)], null, sources);
}

/** `ssh -G` names a ProxyJump or a ProxyCommand: the one that counts. */
async function wayTo(settings: Configuration['settings'], tokens: Tokens, lookup: Lookup): Promise<Way> {
  const [jump = null, command = null] = ['proxyjump', 'proxycommand'].map((name) =>
    unlessNone(settings.get(name)?.[0] ?? null),
  );
  if (jump !== null) return { kind: 'jump', over: await lastHop(jump, tokens, lookup) };
  if (command === null) return { kind: 'direct' };
  if (settings.get('proxyusefdpass')?.[0] === 'yes') {
    throw new HostError(
      'The SSH configuration has its ProxyCommand hand over a connected socket, which is not supported.',
      `ProxyUseFdpass is set to yes for ${tokens['n'] ?? ''}, and Node takes no socket from another program. ` +
        'Set it to no, and let the ProxyCommand carry the data itself (`nc` without -F does).',
    );
  }
  return { kind: 'proxy', line: expandTokens(command, tokens) };
}

/** The first machine of a list may have a way of its own; each later one is reached through the one before it. */
async function lastHop(list: string, tokens: Tokens, { sources, signal, depth = 0 }: Lookup): Promise<HostSettings> {
  if (depth === longestChain) {
    throw new HostError(
      'The SSH configuration leads from one machine to another without an end.',
      `See its ProxyJump for ${tokens['n'] ?? ''}, which names ${list}.`,
    );
  }
  let over: HostSettings | null = null;
  for (const hop of list.split(',')) {
    const target = parseSshTarget(hop.trim().replace(/^ssh:\/\//, ''));
    over = await readSettings(target, { sources, signal, depth: depth + 1, over });
  }
  if (over === null) throw new Error('a list has one item at least');
  return over;
}
