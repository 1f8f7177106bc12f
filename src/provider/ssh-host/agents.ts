import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import { keyType, WireReader } from '../ssh/wire.ts';

/** An agent that answered. */
export interface AnsweringAgent {
  readonly agent: ssh2.BaseAgent;
  readonly keys: readonly ssh2.ParsedKey[];
  /** The types of those that ssh2 has no use for: `sk-ssh-ed25519@openssh.com`, `ssh-rsa-cert-v01@openssh.com` … */
  readonly others: readonly string[];
}

/** An agent that is not there is passed over, as by ssh: its socket may have outlived it. */
export async function askAgents(paths: readonly string[]): Promise<AnsweringAgent | null> {
  for (const path of paths) {
    const agent = ssh2.createAgent(path);
    const keys = await identitiesOf(agent).catch(() => null);
    if (keys !== null) return { agent, keys, others: await othersOf(agent, keys) };
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

/** ssh2 drops what it cannot read from an agent's answer, so the agent is asked once more, for the types alone. */
async function othersOf(agent: ssh2.BaseAgent, keys: readonly ssh2.ParsedKey[]): Promise<string[]> {
  const types = await typesOf(agent).catch(() => []);
  return types.filter((type) => !keys.some((key) => key.type === type));
}

/** The request for identities, and the answer to it (draft-ietf-sshm-ssh-agent, section 3.5). */
const [request, answer] = [Buffer.of(0, 0, 0, 1, 11), 12];
/** An agent that does not answer is no reason to wait. */
const patienceMs = 5000;

async function typesOf(agent: ssh2.BaseAgent): Promise<string[]> {
  const stream = await new Promise<Duplex>((resolve, reject) => {
    if (agent.getStream === undefined) reject(new Error('this agent has no stream'));
    agent.getStream?.((error, opened) => {
      if (opened === undefined) reject(error ?? new Error('the agent is gone'));
      else resolve(opened);
    });
  });
  const late = setTimeout(() => stream.destroy(), patienceMs);
  try {
    stream.write(request);
    let bytes = Buffer.of();
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) break;
    }
    return readTypes(bytes.subarray(4));
  } finally {
    clearTimeout(late);
    stream.destroy();
  }
}

/** Throws where the answer is cut off. */
function readTypes(message: Buffer): string[] {
  if (message[0] !== answer) return [];
  const reader = new WireReader(message, 1);
  return Array.from({ length: reader.number() }, () => {
    const [key] = [reader.string(), reader.string()]; // and a comment
    return keyType(key);
  });
}
