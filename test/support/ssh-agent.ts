import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Teardowns } from './teardowns.ts';

const run = promisify(execFile);

/** The real ssh-agent, at a socket. */
export async function startAgent(t: Teardowns, socket: string): Promise<void> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(agent, 'exit');
  t.teardown(async () => {
    agent.kill();
    await ended;
  });
  await once(agent.stdout, 'data'); // it says where it listens
}

/** With the certificate that lies beside it, if one does. */
export async function addKey(socket: string, path: string, passphrase = ''): Promise<void> {
  const askpass = `${path}.askpass`;
  await writeFile(askpass, `#!/bin/sh\necho '${passphrase}'\n`, { mode: 0o700 });
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' };
  await run('ssh-add', ['-q', path], { env });
}
