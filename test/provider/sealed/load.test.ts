import { gunzipSync } from 'node:zlib';
import test from 'ava';
import type { SealedLoad } from '../../../src/core/guest.ts';
import { sha256 } from '../../../src/core/hash.ts';
import { emulatorSeed, packLoad, sealedWords } from '../../../src/provider/sealed/load.ts';

const load: SealedLoad = {
  files: [
    { path: 'tmp/x/sealed.sh', content: Buffer.from('echo hello\n'), executable: false },
    { path: 'tmp/x/study/run.sh', content: Buffer.from('#!/bin/sh\n'.repeat(1000)), executable: true },
  ],
  program: 'tmp/x/sealed.sh',
  silenceMs: 1000,
};

test('the same files are packed to the same bytes, wherever and whenever', async (t) => {
  const packed = await packLoad(load);
  // Where this fails, the digests of all runs in virtual time are new: the guest takes another time to read its load.
  t.is(sha256(packed), 'b3234c2cfaa6b34784c88b68e4730b90042f7cf06de4bfcc194767436742bee6');
  const archive = gunzipSync(packed).toString('latin1');
  t.true(archive.includes('tmp/x/study/run.sh') && archive.includes('echo hello'));
});

test('the words name the program and what follows from the seed; another seed has other ones', (t) => {
  const words = (seed: number, bytes: number | null): string[] => sealedWords(load, seed, bytes).split(' ');
  const [seed = '', delay = '', ...rest] = words(1, 120);
  t.regex(seed, /^refigure\.seed=[0-9a-f]{64}$/);
  t.regex(delay, /^refigure\.delay=1\.\d{6}$/, 'at least the second that ping needs');
  t.deepEqual(rest, ['refigure.run=/tmp/x/sealed.sh', 'refigure.load=120']);
  t.deepEqual(words(1, null), [seed, delay, 'refigure.run=/tmp/x/sealed.sh']);
  const seeds = Array.from({ length: 50 }, (_, index) => [...words(index, null).slice(0, 2), emulatorSeed(index)]);
  for (const at of [0, 1, 2]) t.is(new Set(seeds.map((each) => each[at])).size, seeds.length);
});
