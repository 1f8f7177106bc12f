import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { ConnectionLostError, GuestError } from '../../src/core/errors.ts';
import type { OpenGuest } from '../../src/core/guest.ts';
import type { ExecuteOptions, ExecuteResult } from '../../src/core/transport.ts';
import type { JournalEvent } from '../../src/evidence/journal-decoder.ts';
import { followJournal } from '../../src/run/follow.ts';
import { journalOf } from '../evidence/journals.ts';

const journal = journalOf({ one: [{ text: 'ping', output: 'one\ntwo\n' }] });

/** What one connection brings of the journal from the offset on; then it breaks, or the channel ends by itself. */
type Channel = (onOutput: (bytes: Buffer) => void, offset: number) => Promise<'broken' | 'ended'>;

interface Followed {
  /** The offsets at which the journal was read on. */
  readonly offsets: number[];
  readonly bytes: Buffer[];
  readonly events: JournalEvent[];
  readonly lost: string[];
  /** By which the guest hands out bytes of its newest channel. */
  onOutput: (bytes: Buffer) => void;
  readonly done: Promise<void>;
}

/** Follows a journal over connections that go as they are told, one after another. */
function follow(channelOf: (nth: number) => Channel, silenceMs = 60_000): Followed {
  const followed: Omit<Followed, 'done'> = { offsets: [], bytes: [], events: [], lost: [], onOutput: () => undefined };
  const guest: Pick<OpenGuest, 'execute' | 'lost'> = {
    lost: new Promise(() => undefined),
    async execute(offset: string, { onOutput = () => undefined }: ExecuteOptions = {}): Promise<ExecuteResult> {
      followed.offsets.push(Number(offset));
      followed.onOutput = onOutput;
      const end = await channelOf(followed.offsets.length)(onOutput, Number(offset));
      if (end === 'broken') throw new ConnectionLostError('The connection broke.', 'Run again.');
      return { status: 0, output: Buffer.alloc(0), errorOutput: Buffer.from('no such shell\n') };
    },
  };
  const done = followJournal({
    guest,
    command: String,
    onBytes: (bytes) => followed.bytes.push(bytes),
    onEvent: (event) => followed.events.push(event),
    onLost: (reason) => followed.lost.push(reason),
    silenceMs,
    signal: new AbortController().signal,
  });
  return Object.assign(followed, { done });
}

const nothing: Channel = () => Promise.resolve('broken');
const rest: Channel = (onOutput, offset) => {
  onOutput(journal.subarray(offset));
  return Promise.resolve('ended');
};

/** Brings so many bytes, and breaks. */
function piece(length: number): Channel {
  return (onOutput, offset) => {
    onOutput(journal.subarray(offset, offset + length));
    return Promise.resolve('broken');
  };
}

test('a connection is made again as often as it breaks, as long as it brings something', async (t) => {
  const followed = follow(() => piece(20));
  await followed.done;
  const reads = Math.ceil(journal.length / 20);
  t.true(reads > 10);
  t.deepEqual(
    followed.offsets,
    Array.from({ length: reads }, (_, index) => index * 20),
  );
  t.deepEqual(Buffer.concat(followed.bytes), journal);
  t.is(followed.events.at(-1)?.kind, 'done');
  t.deepEqual(new Set(followed.lost), new Set(['The connection broke.']));
});

test('of connections that bring nothing the third in a row is the last one', async (t) => {
  const followed = follow((nth) => (nth === 1 ? piece(20) : nothing));
  await t.throwsAsync(followed.done, { instanceOf: ConnectionLostError, message: 'The connection broke.' });
  t.deepEqual(followed.offsets, [0, 20, 20, 20]);
});

test('a connection that brings something begins the count anew', async (t) => {
  const followed = follow((nth) => (nth % 3 === 0 ? (nth < 9 ? piece(20) : rest) : nothing));
  await followed.done;
  t.deepEqual(followed.offsets, [0, 0, 0, 20, 20, 20, 40, 40, 40]);
  t.deepEqual(Buffer.concat(followed.bytes), journal);
});

test('what a channel that was given up says later is not taken', async (t) => {
  const followed = follow(() => () => Promise.reject(new GuestError('No connection can be had.', 'Run again.')));
  await t.throwsAsync(followed.done, { instanceOf: GuestError, message: 'No connection can be had.' });
  followed.onOutput(journal);
  t.deepEqual([followed.bytes, followed.events], [[], []]);
});

test('a guest is not silent that says something now and then, however long that takes in all', async (t) => {
  // Each pause is shorter than the silence that is allowed, and its timer is due before that of the silence, also on a
  // machine that stood still meanwhile.
  const slowly: Channel = async (onOutput) => {
    const length = Math.ceil(journal.length / 20);
    for (let at = 0; at < journal.length; at += length) {
      await sleep(10);
      onOutput(journal.subarray(at, at + length));
    }
    return 'ended';
  };
  const followed = follow(() => slowly, 100);
  await followed.done;
  t.deepEqual(Buffer.concat(followed.bytes), journal);
});
