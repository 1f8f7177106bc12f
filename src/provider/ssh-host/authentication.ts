import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import type { HostSettings } from './settings.ts';

/** What there is to log in with, in the order in which ssh would try it. */
export interface Credentials {
  /** With the keys that may be tried; null: no agent answers, or it has none of them. */
  readonly agent: ssh2.BaseAgent | null;
  readonly agentKeys: number;
  /** PEM. */
  readonly privateKeys: readonly string[];
  /** Files whose keys have a passphrase, and are not in the agent. */
  readonly locked: readonly string[];
}

interface KeyFile {
  readonly path: string;
  readonly pem: string | null;
  /** SSH's form of the public key; null where it cannot be told. */
  readonly publicKey: Buffer | null;
  readonly locked: boolean;
}

/** Reads the key files and asks the agent; nothing is kept. */
export async function findCredentials(settings: HostSettings): Promise<Credentials> {
  const files = await Promise.all(settings.identityFiles.map(readKeyFile));
  const found = await askAgents(settings.agents);
  const ofFile = (key: ssh2.ParsedKey): boolean =>
    files.some(({ publicKey }) => publicKey?.equals(key.getPublicSSH()) === true);
  const [named, others] = [found?.keys.filter(ofFile) ?? [], found?.keys.filter((key) => !ofFile(key)) ?? []];
  const keys = settings.identitiesOnly ? named : [...named, ...others];
  const inAgent = ({ publicKey }: KeyFile): boolean =>
    publicKey !== null && keys.some((key) => key.getPublicSSH().equals(publicKey));
  const alone = files.filter((file) => !inAgent(file));
  return {
    agent: found === null || keys.length === 0 ? null : new ChosenKeys(found.agent, keys),
    agentKeys: keys.length,
    privateKeys: alone.flatMap(({ pem }) => pem ?? []),
    locked: alone.flatMap(({ locked, path }) => (locked ? path : [])),
  };
}

async function readKeyFile(path: string): Promise<KeyFile> {
  const [pem, publicText] = await Promise.all(
    [path, `${path}.pub`].map((file) => readFile(file, 'utf8').catch(() => null)),
  );
  const parsed = pem == null ? null : ssh2.utils.parseKey(pem);
  const readable = parsed === null || parsed instanceof Error ? null : parsed;
  const beside = publicText == null ? null : ssh2.utils.parseKey(publicText);
  // A file may be of a public key alone, whose private half the agent has.
  const publicHalf = readable ?? (beside instanceof Error ? null : beside);
  return {
    path,
    pem: readable?.isPrivateKey() === true ? (pem ?? null) : null,
    publicKey: publicHalf?.getPublicSSH() ?? null,
    locked: parsed instanceof Error && /passphrase/i.test(parsed.message),
  };
}

interface Answer {
  readonly agent: ssh2.BaseAgent;
  readonly keys: readonly ssh2.ParsedKey[];
}

/** An agent that is not there is passed over, as by ssh: its socket may have outlived it. */
async function askAgents(paths: readonly string[]): Promise<Answer | null> {
  for (const path of paths) {
    const agent = ssh2.createAgent(path);
    const keys = await identitiesOf(agent).catch(() => null);
    if (keys !== null) return { agent, keys };
  }
  return null;
}

function identitiesOf(agent: ssh2.BaseAgent): Promise<ssh2.ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys = []) => {
      if (error instanceof Error) reject(error);
      else resolve(keys.filter((key) => typeof key === 'object' && 'getPublicSSH' in key));
    });
  });
}

/** Some keys of an agent, in an order of our own. */
class ChosenKeys extends ssh2.BaseAgent {
  readonly #agent: ssh2.BaseAgent;
  readonly #keys: readonly ssh2.ParsedKey[];

  constructor(agent: ssh2.BaseAgent, keys: readonly ssh2.ParsedKey[]) {
    super();
    this.#agent = agent;
    this.#keys = keys;
  }

  override getIdentities(callback: ssh2.IdentityCallback): void {
    callback(null, [...this.#keys]);
  }

  override sign(
    key: string | Buffer | ssh2.ParsedKey,
    data: Buffer,
    options: ssh2.SigningRequestOptions | ssh2.SignCallback,
    callback?: ssh2.SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }
}
