import { join } from 'node:path';
import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';

const study = `format: 2
id: quick
title: Quick
quick: [pings.sent-2, pings.sent-3]
experiments:
  - id: pings
    parameters: { sent: [1, 2, 3] }
    guest: shared
    selfCheck: { expect: 'max(received) > 1 && probe.all(p, p.errors == 0)', otherwise: Nothing came back }
    commands:
      - { run: 'ping -c \${sent} -i 0.01 127.0.0.1', capture: probe, parse: ping }
  - id: other
    commands: [{ run: echo other, capture: other }]
measures:
  received: { of: probe.received, unit: packets }
claims:
  - { id: two, statement: All of two, expect: max(received where sent is 2) == 2 }
  - { id: some, statement: All of two and three, expect: sum(received where sent > 1) == 5 }
  - { id: all, statement: All, expect: sum(received) == 6 }
  - { id: other, statement: Other, expect: 'other.text == "other\\n"' }
`;

test('--quick runs the cells that the study names; a self-check looks at those that ran, and other claims are skipped', async (t) => {
  const folder = join(await temporaryFolder(t), 'run');
  const path = await writeStudy(t, study, {});
  const { status, stderr } = await refigure(['run', path, '--quick', '--out', folder, '--quiet']);
  t.is(status, 0, stderr);
  const run = await openRun(folder);
  t.deepEqual(run.record.study.experiments, ['pings.sent-2', 'pings.sent-3']);
  t.deepEqual(
    findingsOf(run).verdicts.map(({ claim, state, reason }) => [claim, state, reason?.kind ?? null]),
    [
      ['two', 'upheld', null],
      ['some', 'upheld', null],
      ['all', 'skipped', 'not-run'],
      ['other', 'skipped', 'not-run'],
    ],
  );
});

test('--quick and --only are not for the same run; a study that names nothing as quick has no such run', async (t) => {
  const path = await writeStudy(t, study.replace(/^quick: .*\n/m, ''), {});
  t.like(await refigure(['run', path, '--quick', '--only', 'pings']), { status: 2 });
  const refused = await refigure(['run', path, '--quick', '--list']);
  t.is(refused.status, 2);
  t.regex(refused.stderr, /The study quick does not say what of it is quick\.\n.*--only/);
});
