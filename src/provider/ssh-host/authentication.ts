import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import ssh2 from 'ssh2';
import { fingerprint } from '../ssh/keys.ts';
import { askAgents, type AnsweringAgent } from './agents.ts';
import { readKeyFile, type KeyFile } from './key-files.ts';
import type { HostSettings } from './settings.ts';

/** What there is to log in with, in the order in which ssh would try it. */
export interface Credentials {
  /** With the keys that may be tried; null: no agent answers, or it has none of them. */
  readonly agent: ssh2.BaseAgent | null;
  readonly agentKeys: number;
  /** Where an agent was looked for in vain. */
  readonly silentAgents: readonly string[];
  /** PEM. */
  readonly privateKeys: readonly string[];
  /** Everything that was looked at, for the user's eyes. */
  readonly seen: readonly SeenKey[];
}

export interface SeenKey {
  /** A path, or what tells a key of the agent from its others. */
  readonly key: string;
  /** Why it is not tried; null: it is. */
  readonly passedOver: string | null;
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
    silentAgents: found === null ? settings.agents : [],
    privateKeys: alone.flatMap((file) => (file.state === 'usable' ? file.pem : [])),
    seen: [
      ...seenInAgent(found, keys),
      ...files.flatMap((file) => (inAgent(file) ? { key: file.path, passedOver: null } : seenFile(file))),
      ...(await certificates(settings)).map((key) => ({ key, passedOver: noCertificates })),
    ],
  };
}

const noCertificates = 'certificates are not supported: the machine has to know the key itself';

function seenInAgent(found: AnsweringAgent | null, tried: readonly ssh2.ParsedKey[]): SeenKey[] {
  if (found === null) return [];
  const known = found.keys.map((key) => ({
    key: `${key.type} ${fingerprint(key.getPublicSSH().toString('base64'))} of the agent`,
    passedOver: tried.includes(key) ? null : 'IdentitiesOnly is set, and no file names it',
  }));
  const others = found.others.map((type) => ({
    key: `${type} of the agent`,
    passedOver: type.includes('-cert-') ? noCertificates : noHardware,
  }));
  return [...known, ...others];
}

const noHardware = 'keys of hardware (FIDO) are not supported: name one of another kind';

/** One of ssh's own names need not be there. */
const usualName = /^id_(rsa|dsa|ecdsa|ed25519|xmss|ecdsa_sk|ed25519_sk)$/;

function seenFile(file: KeyFile): SeenKey[] {
  const { path: key } = file;
  const over = (passedOver: string): SeenKey[] => [{ key, passedOver }];
  switch (file.state) {
    case 'usable':
      return [{ key, passedOver: null }];
    case 'locked':
      return over(`it has a passphrase, and the agent does not have it: \`ssh-add '${key}'\``);
    case 'hardware':
      return over(`its type is ${file.type}, and ${noHardware}`);
    case 'public':
      return over('it is a public key, whose private half the agent does not have');
    case 'unusable':
      return over(`${file.reason}; ${file.remedy.replaceAll('FILE', () => key)}`);
    case 'absent':
      return usualName.test(basename(key)) ? [] : over('there is no such file');
  }
}

/** Those that ssh would show: named ones, and those beside a key. */
async function certificates({ certificateFiles, identityFiles }: HostSettings): Promise<string[]> {
  const paths = [...certificateFiles, ...identityFiles.map((path) => `${path}-cert.pub`)];
  const there = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => path,
        () => [],
      ),
    ),
  );
  return there.flat();
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
