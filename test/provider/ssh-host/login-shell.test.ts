import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { GuestError } from '../../../src/core/errors.ts';
import type { OpenGuest } from '../../../src/core/guest.ts';
import { ask } from '../booted-guest.ts';
import { holdsContract } from '../contract/guest-checks.ts';
import { homeFor, reach, sshUrl } from '../../support/ssh-guest.ts';
import { sshdTools, startSshd, users, type Login } from '../../support/sshd.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { locate, testWith } from '../../support/tools.ts';

// The real sshd, whose users have a login shell of their own.

const greeting = await readFile(new URL('../../fixtures/cases/ssh-bashrc-that-prints.bashrc', import.meta.url), 'utf8');

const inBash = testWith(...sshdTools, 'bash');

/** `lines`: of sshd's configuration; `config`: of the user's. */
async function enter(
  t: ExecutionContext,
  login: Login,
  lines: readonly string[] = [],
  config = '',
): Promise<OpenGuest> {
  const sshd = await startSshd(t, lines, login);
  return reach(sshUrl(sshd, users.able), await homeFor(t, sshd, { config }));
}

/** What a shell might take for its own, and would print otherwise. */
const tricky = `set -- "it's" 'a!b' "c\\\\d" "\\$HOME" "%s" "é"
for word do printf '%s|' "$word"; done; echo "\${#}"
cat <<'END'
two  blanks \\n !! $(no) \`no\`
END`;
const read = "it's|a!b|c\\d|$HOME|%s|é|6\ntwo  blanks \\n !! $(no) `no`";

for (const shell of ['bash', 'fish', 'csh', 'tcsh', 'dash']) {
  testWith(...sshdTools, shell)(`commands run as they are where the login shell is ${shell}`, async (t) => {
    const guest = await enter(t, { shell: locate(shell) ?? '' });
    t.teardown(() => guest.stop());
    t.is(await ask(guest, tricky), read);
    t.is(await ask(guest, 'echo "$# $(id -u) ${SUDO_USER:-none}"'), `0 0 ${users.able}`);
    await holdsContract(t, guest);
  });
}

inBash('a start-up file that prints is passed over, on both streams and however much it is', async (t) => {
  for (const text of [greeting, `${greeting}echo oops >&2\n`, 'set -xv\n', 'yes | head -c 300000\nprintf x >&2\n']) {
    const guest = await enter(t, { shell: locate('bash') ?? '', files: { '.bashrc': text } });
    const { output, errorOutput, status } = await guest.execute('echo out; echo err >&2; exit 3');
    t.deepEqual([output.toString(), errorOutput.toString(), status], ['out\n', 'err\n', 3]);
    await guest.upload('/tmp/refigure-login-test', [{ path: 'a', content: Buffer.from('b'), executable: false }]);
    t.is(await ask(guest, 'cat /tmp/refigure-login-test/a; rm -r /tmp/refigure-login-test'), 'b');
    await guest.stop();
  }
});

testWith(...sshdTools)(
  'a banner does no harm, nor a terminal that is asked for, nor a forced command that runs what was asked',
  async (t) => {
    const banner = join(await temporaryFolder(t), 'banner');
    await writeFile(banner, 'Authorised users only\n');
    const forced = 'ForceCommand echo logged; sh -c "$SSH_ORIGINAL_COMMAND"';
    const guest = await enter(t, {}, [`Banner ${banner}`, forced], 'RequestTTY force\nRemoteCommand tmux attach\n');
    t.is(await ask(guest, 'echo fine'), 'fine');
    await guest.stop();
  },
);

const refusals: readonly (readonly [
  what: string,
  tool: string,
  login: Login,
  lines: string[],
  message: RegExp,
  hint: RegExp,
])[] = [
  [
    'a user without a login shell',
    'bash',
    { shell: '/usr/sbin/nologin' },
    [],
    /^The login shell of the user of the machine runs no commands\.$/,
    /^It said "This account is currently not available\.", and ended with status 1, as \/usr\/sbin\/nologin /,
  ],
  [
    'a user whose login shell is false',
    'bash',
    { shell: '/bin/false' },
    [],
    /^The login shell of the user of the machine runs no commands\.$/,
    /^It said nothing, and ended with status 1, as [^]*\/bin\/false do/,
  ],
  [
    'a forced command',
    'bash',
    {},
    ['ForceCommand echo backup only'],
    /^The machine ran another command than the one that it was asked to run\.$/,
    /^It said "backup only", and ended with status 0\.[^]*ForceCommand/,
  ],
  [
    'a forced command that repeats what was asked',
    'bash',
    {},
    ['ForceCommand echo "denied: $SSH_ORIGINAL_COMMAND"'],
    /^The machine ran another command/,
    /^It said "denied: exec \/bin\/sh /,
  ],
  [
    'a start-up file that puts another program in place of the shell',
    'bash',
    { shell: '/bin/bash', files: { '.bashrc': 'echo hello\nexec cat\n' } },
    [],
    /^The machine ran another command/,
    /^It said "hello", and ended with status 0\.[^]*\.bashrc/,
  ],
  [
    'a restricted shell',
    'rbash',
    { shell: '/bin/rbash' },
    [],
    /^The machine ran another command/,
    /^It said "[^"]*restricted/,
  ],
  [
    'a shell that lets nobody become root',
    'bash',
    { shell: '/bin/bash', files: { '.bashrc': 'echo hello\nsudo() { :; }\nPATH=/nowhere\n' } },
    [],
    /^The user of the machine is not root, and does not become root by `sudo -n`\.$/,
    /^It said of refigure-able: [^\n]*sudo: not found\n/,
  ],
];
for (const [what, tool, login, lines, message, hint] of refusals) {
  testWith(...sshdTools, tool)(`${what} is told with its words`, async (t) => {
    const error = await t.throwsAsync(enter(t, login, lines), { instanceOf: GuestError, message });
    t.regex(error.hint, hint);
    t.regex(error.hint, /The machine: refigure-able at 127\.0\.0\.1, port \d+ \(/);
  });
}
