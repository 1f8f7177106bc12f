import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { GuestError } from '../../../src/core/errors.ts';
import type { SshSources } from '../../../src/provider/ssh-host/sources.ts';
import { ask } from '../booted-guest.ts';
import { processGone } from '../../support/process-gone.ts';
import { homeFor, reach } from '../../support/ssh-guest.ts';
import { writeSshFiles } from '../../support/ssh-home.ts';
import { startSshd, testSshd, type Sshd } from '../../support/sshd.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// The real sshd, reached by a program that carries the bytes.

/** Carries standard input and output to and from a port; what it was told and its process id are left in a file. */
const carrier = `import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
const [log, port, ...words] = process.argv.slice(2);
writeFileSync(log, JSON.stringify({ pid: process.pid, words }));
const socket = connect(Number(port), '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);
`;

interface Proxied {
  readonly sources: SshSources;
  /** What the carrier was told. */
  readonly told: () => Promise<{ pid: number; words: string[] }>;
}

/** A home in which `far` is a name that only the ProxyCommand knows. `line`: after the carrier's own arguments. */
async function proxied(t: ExecutionContext, sshd: Sshd, line: string): Promise<Proxied> {
  const folder = await temporaryFolder(t);
  const [program, log] = [join(folder, 'carrier.mjs'), join(folder, 'log')];
  await writeFile(program, carrier);
  const command = `${process.execPath} ${program} ${log} ${sshd.port} ${line}`;
  const sources = await homeFor(t, sshd, {
    config: `Host far\n  HostName far.example\n  Port 7722\n  User root\n  ProxyCommand ${command}\n`,
    known_hosts: `[far.example]:7722 ${sshd.hostKeys.ed25519}\n`,
  });
  return { sources, told: async () => JSON.parse(await readFile(log, 'utf8')) as { pid: number; words: string[] } };
}

testSshd('a machine is reached by a ProxyCommand, whose tokens are expanded and which ends with the run', async (t) => {
  const { sources, told } = await proxied(t, await startSshd(t), '%h %p %r %n 100%% "two words" "$HOME" | cat');
  const guest = await reach('ssh://far', sources);
  t.is(await ask(guest, 'id -u'), '0');
  const { pid, words } = await told();
  t.deepEqual(words, ['far.example', '7722', 'root', 'far', '100%', 'two words', process.env['HOME'] ?? '']);
  await guest.stop();
  await processGone(pid);
  t.pass();
});

testSshd('where a ProxyCommand ends, the connection is made again by another one', async (t) => {
  const { sources, told } = await proxied(t, await startSshd(t), '');
  const guest = await reach('ssh://far', sources);
  const { pid } = await told();
  process.kill(pid);
  await processGone(pid);
  await guest.execute('true').catch(() => undefined); // whether this one finds it broken already is chance
  t.is(await ask(guest, 'echo again'), 'again');
  t.not((await told()).pid, pid);
  await guest.stop();
  await processGone((await told()).pid);
});

testSshd('a ProxyCommand that fails is told with its words, and names the machine to the user only', async (t) => {
  const sources = await homeFor(t, await startSshd(t), {
    config: 'Host far\n  User root\n  ProxyCommand sh -c "echo no way to %h >&2; exit 3"\n',
  });
  const error = await t.throwsAsync(reach('ssh://far', sources), { instanceOf: GuestError });
  t.is(
    error.message,
    "The ProxyCommand of the SSH configuration made no connection to the machine's SSH server: it ended with status 3.",
  );
  t.regex(
    error.hint,
    /^It said: no way to far\nThe machine: root at far, port 22 \(`ssh far`\), by the ProxyCommand `/,
  );
  await writeSshFiles(sources.home, { config: 'ProxyCommand refigure-no-such-program\n' });
  const missing = await t.throwsAsync(reach('ssh://far', sources), { instanceOf: GuestError });
  t.regex(missing.message, /ended with status 127\.$/);
  t.regex(missing.hint, /refigure-no-such-program: not found/);
});

testSshd('a ProxyCommand that speaks no SSH is told so', async (t) => {
  const sources = await homeFor(t, await startSshd(t), {
    config: 'ProxyCommand sh -c "cat /etc/passwd; echo done >&2"\n',
  });
  const error = await t.throwsAsync(reach('ssh://far', sources), { instanceOf: GuestError });
  t.regex(error.hint, /It said: done\nThe machine: /);
});
