import { randomUUID } from 'node:crypto';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import type { ExecutionContext } from 'ava';
import { GuestError } from '../../../src/core/errors.ts';
import type { OpenGuest } from '../../../src/core/guest.ts';
import { packagePath } from '../../../src/core/package.ts';
import { ask } from '../booted-guest.ts';

/** What holds of every guest while it runs, whatever runs it. Each leaves the guest as it was. */
export const guestChecks: Readonly<Record<string, (t: ExecutionContext, guest: OpenGuest) => Promise<void>>> = {
  "a command's output, its standard error and its status come back apart": async (t, guest) => {
    const result = await guest.execute('echo out; echo err >&2; exit 7');
    t.deepEqual(
      { ...result, output: result.output.toString(), errorOutput: result.errorOutput.toString() },
      { status: 7, output: 'out\n', errorOutput: 'err\n' },
    );
  },

  'a command that is not there has a status of its own, and so has one that ends by a signal': async (t, guest) => {
    const { status, errorOutput } = await guest.execute('no-such-command');
    t.is(status, 127);
    t.regex(errorOutput.toString(), /no-such-command: (command )?not found/);
    // A shell between tells of a signal in its own way: that of a user who becomes root by sudo.
    t.true([null, 128 + 9].includes((await guest.execute('kill -KILL $$')).status));
  },

  'a command runs as root, by a POSIX shell': async (t, guest) => {
    t.is(await ask(guest, "id -u; v='a  b'; case $v in 'a  b') echo \"$v\";; esac"), '0\na  b');
  },

  'every byte comes through in both directions, on standard error too': (t, guest) =>
    inFolder(guest, async (folder) => {
      const command = `tee ${folder}/bytes; cat ${folder}/bytes >&2`;
      const { output, errorOutput } = await guest.execute(command, { input: everyByte });
      t.deepEqual(output, everyByte);
      t.deepEqual(errorOutput, everyByte);
    }),

  'output is handed over as it arrives': (t, guest) =>
    inFolder(guest, async (folder) => {
      const pieces: Buffer[] = [];
      let going: Promise<unknown> = Promise.resolve();
      const { output } = await guest.execute(`mkfifo ${folder}/go; echo one; cat ${folder}/go; echo two`, {
        onOutput: (piece) => {
          // The guest goes on only after its first line has arrived here.
          if (pieces.push(piece) === 1) going = guest.execute(`echo go > ${folder}/go`);
        },
      });
      await going; // Dropbear confuses channels when one is opened while a process of another ends
      t.is(Buffer.concat(pieces).toString(), 'one\ngo\ntwo\n');
      t.is(output.length, 0);
    }),

  'standard input ends at once, or when its signal says so': async (t, guest) => {
    t.is(await ask(guest, 'cat; echo ended'), 'ended');
    const ending = new AbortController();
    const pieces: Buffer[] = [];
    const { status } = await guest.execute('echo reading; cat; echo ended', {
      input: Buffer.from('given\n'),
      inputUntil: ending.signal,
      onOutput: (piece) => {
        pieces.push(piece);
        if (Buffer.concat(pieces).includes('given')) ending.abort();
      },
    });
    t.is(status, 0);
    t.is(Buffer.concat(pieces).toString(), 'reading\ngiven\nended\n');
  },

  'two commands run at once': (t, guest) =>
    inFolder(guest, async (folder) => {
      await ask(guest, `mkfifo ${folder}/there ${folder}/back`);
      // Each waits for the other, so one after the other would never end.
      const both = await Promise.all([
        ask(guest, `echo from-first > ${folder}/there; cat ${folder}/back`),
        ask(guest, `cat ${folder}/there; echo from-second > ${folder}/back`),
      ]);
      t.deepEqual(both, ['from-second', 'from-first']);
    }),

  "an aborted command rejects with the signal's reason, and the next one runs": async (t, guest) => {
    const aborting = new AbortController();
    const reason = new Error('enough');
    const onOutput = (): void => {
      aborting.abort(reason);
    };
    const running = guest.execute('echo started; exec sleep 1000', { onOutput, signal: aborting.signal });
    t.is(await t.throwsAsync(running), reason);
    t.is(await ask(guest, 'echo usable'), 'usable');
  },

  'a command is not started when its signal is aborted already, nor waited for when it is aborted at once': (
    t,
    guest,
  ) =>
    inFolder(guest, async (folder) => {
      const before = AbortSignal.abort(new Error('before'));
      const aborted = await t.throwsAsync(guest.execute(`echo x > ${folder}/must-not-exist`, { signal: before }));
      t.is(aborted.message, 'before');
      const aborting = new AbortController();
      const running = guest.execute('sleep 1000', { signal: aborting.signal });
      aborting.abort(new Error('at once'));
      t.is((await t.throwsAsync(running)).message, 'at once');
      t.is(await ask(guest, `test -e ${folder}/must-not-exist || echo none`), 'none');
    }),

  'files are written into nested folders, whatever their names, with their modes': (t, guest) =>
    inFolder(guest, async (around) => {
      const folder = `${around}/an 'odd' folder/within`;
      await guest.upload(folder, [
        { path: 'a/b/c/deep.bin', content: everyByte, executable: false },
        { path: 'a/run me.sh', content: Buffer.from('#!/bin/sh\necho "ran in $PWD"\n'), executable: true },
        { path: 'empty', content: Buffer.alloc(0), executable: false },
        { path: '名字', content: Buffer.from('中文'), executable: false },
      ]);
      t.is(
        await ask(guest, `cd "${folder}" && find . -type f | LC_ALL=C sort && "./a/run me.sh" && cat 名字`),
        `./a/b/c/deep.bin\n./a/run me.sh\n./empty\n./名字\nran in ${folder}\n中文`,
      );
      t.deepEqual((await guest.execute(`cat "${folder}/a/b/c/deep.bin"`)).output, everyByte);
      t.is(
        await ask(guest, `stat -c '%a %u' "${folder}" "${folder}/empty" "${folder}/a/run me.sh"`),
        '700 0\n644 0\n755 0',
      );
    }),

  'files that cannot be written are a GuestError that names the folder': (t, guest) =>
    inFolder(guest, async (folder) => {
      await ask(guest, `echo file > ${folder}/occupied`);
      const file = { path: 'x', content: everyByte, executable: false };
      const error = await t.throwsAsync(guest.upload(`${folder}/occupied`, [file]), { instanceOf: GuestError });
      t.true(error.message.startsWith(`Writing 1 files to ${folder}/occupied in the guest failed: `), error.message);
      const reason = new Error('before');
      t.is(await t.throwsAsync(guest.upload(`${folder}/other`, [file], AbortSignal.abort(reason))), reason);
    }),

  "its identity names no folder, no user and no host of this machine's": (t, { identity }) => {
    const said = JSON.stringify(identity);
    for (const folder of [homedir(), tmpdir(), process.cwd(), packagePath('.')]) {
      t.false(said.includes(JSON.stringify(folder).slice(1, -1)), folder);
    }
    const words = said.split(/[^\w.-]+/);
    for (const name of [hostname(), userInfo().username]) t.false(words.includes(name), name);
    return Promise.resolve();
  },

  'it is booted or resumed unless it is borrowed, and keeps real time': (t, { identity }) => {
    t.is(identity.start === 'running', identity.ownership === 'borrowed');
    t.deepEqual(identity.clock, { kind: 'real' });
    return Promise.resolve();
  },
};

/** All of them on a guest that is up in any case, where a boot takes minutes. */
export async function holdsContract(t: ExecutionContext, guest: OpenGuest): Promise<void> {
  for (const [title, check] of Object.entries(guestChecks)) {
    t.log(title);
    await check(t, guest);
  }
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** A folder of the guest's that goes again. Its name needs no quotes. */
async function inFolder(guest: OpenGuest, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = `/tmp/contract-${randomUUID()}`;
  await ask(guest, `mkdir ${folder}`);
  try {
    await work(folder);
  } finally {
    await ask(guest, `rm -r ${folder}`);
  }
}
