import test from 'ava';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeStudy } from '../support/small-study.ts';
import { digestOfRun } from './digest.ts';
import { printed, runWhole } from './virtual-run.ts';

// Each run of a cell has a guest of its own: clean, and with chance of its own where it is a repeat.

const study = `format: 2
id: cells
title: Cells
experiments:
  - id: base
    commands: [ip netns add a, ip -n a link set lo up]
    topology: before
  - id: pings
    after: base
    parameters: { sent: [16, 1000], word: [plain, "it's $(two)"] }
    except: { sent: 1000, word: plain }
    repeat: 2
    commands:
      - { run: 'ip netns exec a ping -c 2 -i 0.2 -s \${sent} 127.0.0.1', capture: probe, parse: ping }
      - { run: 'echo \${word} "\${word}"', capture: said }
      - { run: head -c 8 /dev/urandom | od -x, capture: chance }
      - { run: 'ls /tmp/left-by-another', exits: nonzero, capture: left }
      - touch /tmp/left-by-another
`;

const claims = `measures:
  rtt: { of: probe.rtt.avgMs, unit: ms }
claims:
  - { id: answered, for: [sent, word], statement: Answered, expect: 'probe.all(p, p.received == 2 && p.payloadBytes == sent)' }
  - { id: clean, statement: Each guest is clean, expect: 'left.all(l, l.exitStatus != 0)' }
  - { id: words, for: word, statement: A value is a word, expect: 'said.all(s, s.lines[0] == word + " " + word)' }
  - { id: larger, statement: More takes longer, expect: 'min(rtt where sent is 1000) > max(rtt where sent is 16)' }
`;

test('cells in clean guests: claims of each, seeds one after the other, and the same bytes again', async (t) => {
  const loaded = await loadCheckedStudy(await writeStudy(t, study + claims, {}));
  const [run, again] = [await runWhole(t, loaded, { seed: 5 }), await runWhole(t, loaded, { seed: 5 })];
  const { verdicts, evidence } = findingsOf(await openRun(run.folder));
  t.deepEqual(
    verdicts.map(({ claim, state, reason }) => [claim, state, reason]),
    ['answered', 'clean', 'words', 'larger'].map((claim) => [claim, 'upheld', null]),
  );
  t.deepEqual(
    evidence.record.furtherGuests?.map(({ experiments, seed }) => [experiments, seed]),
    [
      [['pings.sent-16.word-v1.1'], 5],
      [['pings.sent-16.word-v1.2'], 6],
      [['pings.sent-16.word-v2.1'], 5],
      [['pings.sent-16.word-v2.2'], 6],
      [['pings.sent-1000.word-v2.1'], 5],
      [['pings.sent-1000.word-v2.2'], 6],
    ],
  );
  const chance = await Promise.all([1, 2].map((repeat) => printed(run, `chance.sent-16.word-v1.${repeat}`)));
  t.not(chance[0], chance[1]);
  t.is(await digestOfRun(run.folder), await digestOfRun(again.folder));
  t.is(run.events.filter(({ kind }) => kind === 'further-guest').length, 6);
});

test('cells in one guest run one after the other, and see what was left', async (t) => {
  const shared = (study + claims)
    .replace('repeat: 2', 'repeat: 2\n    guest: shared')
    .replace('exits: nonzero', 'exits: any');
  const loaded = await loadCheckedStudy(await writeStudy(t, shared, {}));
  const run = await runWhole(t, loaded);
  const { verdicts, evidence } = findingsOf(await openRun(run.folder));
  t.deepEqual(
    verdicts.slice(0, 3).map(({ claim, state }) => [claim, state]),
    [
      ['answered', 'upheld'],
      ['clean', 'refuted'],
      ['words', 'upheld'],
    ],
  );
  t.is(evidence.record.furtherGuests, undefined);
});
