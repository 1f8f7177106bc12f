import { createHash } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import type { OpenGuest } from '../../../src/core/guest.ts';
import { readJournal, type Journal } from '../../../src/evidence/journal.ts';
import { makeMiniProvider } from '../../../src/provider/qemu/mini.ts';
import { dial, type SshRoute } from '../../../src/provider/ssh/dial.ts';
import { SshSession } from '../../../src/provider/ssh/session.ts';
import { openSocket } from '../../../src/provider/ssh/socket.ts';
import { SshTransport } from '../../../src/provider/ssh/transport.ts';
import { followJournal } from '../../../src/run/follow.ts';
import { bootGuest, entranceOf, never } from '../booted-guest.ts';
import { pushPlan, step } from '../../guest/run-plan.ts';
import { startRelay, type Relay } from '../../support/relay.ts';
import { testWith } from '../../support/tools.ts';

// A real guest, its SSH server behind a relay that fails.
const test = testWith.serial('qemu-system-x86_64');

interface Reached {
  readonly guest: Pick<OpenGuest, 'execute' | 'upload' | 'lost'>;
  readonly relay: Relay;
}

async function reach(t: ExecutionContext): Promise<Reached> {
  const guest = await bootGuest(await makeMiniProvider({ accelerators: ['tcg'] }));
  t.teardown(() => guest.stop());
  const { username, privateKey, hostKey, connect } = entranceOf(guest);
  const relay = await startRelay(t, connect);
  const route: SshRoute = {
    open: async (known, signal) =>
      SshSession.open({
        socket: await openSocket('127.0.0.1', relay.port, signal),
        ...{ username, privateKeys: [privateKey], hostKey: known, keepaliveMs: 300, signal },
      }),
    gone: null,
    limitMs: 5000,
  };
  const transport = new SshTransport(await dial(route, hostKey, never), route);
  t.teardown(() => {
    transport.close();
  });
  return {
    guest: {
      execute: (command, options) => transport.execute(command, options),
      upload: (folder, files) => transport.upload(folder, files),
      lost: guest.lost,
    },
    relay,
  };
}

interface Followed {
  readonly journal: Journal;
  readonly reasons: readonly string[];
}

/** `onText`: called when this text has arrived. */
async function follow(
  { guest }: Reached,
  commands: readonly string[],
  onText: Readonly<Record<string, () => void>> = {},
): Promise<Followed> {
  const command = await pushPlan(guest, {
    name: 'dropped',
    steps: [step('one', { commands: commands.map((run) => ({ run })) })],
    files: [],
  });
  const pieces: Buffer[] = [];
  const reasons: string[] = [];
  const waiting = new Map(Object.entries(onText));
  await followJournal({
    guest,
    command,
    onBytes: (bytes) => pieces.push(bytes),
    onEvent: (event) => {
      if (event.kind !== 'output') return;
      for (const [text, act] of waiting) {
        if (!event.bytes.includes(text)) continue;
        waiting.delete(text);
        act();
      }
    },
    onLost: (reason) => reasons.push(reason),
    silenceMs: 60_000,
    signal: never,
  });
  return { journal: readJournal(Buffer.concat(pieces)), reasons };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('connections that are cut in the midst of much output lose nothing, and nothing runs twice', async (t) => {
  const reached = await reach(t);
  const { relay } = reached;
  const numbers = Array.from({ length: 300_000 }, (_, index) => `${index + 1}\n`).join('');
  const cut = (): void => {
    relay.cutAfter(300_000);
  };
  const { journal, reasons } = await follow(
    reached,
    ['echo ran >>/tmp/count; seq 1 300000', 'cat /tmp/count', 'seq 1 300000'],
    { '1000\n': cut, '150000\n': cut, ran: cut },
  );
  t.true(journal.complete);
  const [first, count, last] = journal.commands.map(({ output }) => output.toString());
  t.is(digest(first ?? ''), digest(numbers));
  t.is(count, 'ran\n');
  t.is(digest(last ?? ''), digest(numbers));
  t.true(reasons.length >= 2, String(reasons.length));
  t.is(relay.connections, reasons.length + 1);
});

test('a connection that falls silent is given up, and the commands run on meanwhile', async (t) => {
  const reached = await reach(t);
  const { journal, reasons } = await follow(reached, ['echo begin; sleep 1; seq 1 200000 | tail -n 1', 'echo end'], {
    begin: () => {
      reached.relay.freeze();
    },
  });
  t.is(reasons.length, 1);
  t.deepEqual(
    journal.commands
      .filter(({ purpose }) => purpose === 'study')
      .map(({ output, end }) => [output.toString(), end?.how]),
    [
      ['begin\n200000\n', 'exited'],
      ['end\n', 'exited'],
    ],
  );
});

test('a connection that cannot be made again ends the reading, with all that had arrived', async (t) => {
  const reached = await reach(t);
  const following = follow(reached, ['echo begin; sleep 60'], {
    begin: () => {
      reached.relay.close();
    },
  });
  const error = await t.throwsAsync(following);
  t.regex(
    error.message,
    /^The connection to the guest was lost, and none could be made again within 5 s: .*ECONNREFUSED/,
  );
});
