import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { loadStudy } from '../../src/study/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { commandsOf, runWhole, verdictsOf } from './virtual-run.ts';

const study = `format: 2
id: needs
title: Needs
languages: [en, zh]
needs: { tools: [ip] }
experiments:
  - id: met
    needs: { kernel: [sch_netem, CONFIG_VETH], shell: dash, guest: [embedded, mini], tools: [iperf3] }
    commands:
      - { run: echo met, capture: met }
  - id: lacking
    needs: { tools: [iperf4], shell: zsh, guest: [mini], kernel: [CONFIG_NO_SUCH_THING] }
    commands:
      - { run: echo never, capture: never }
  - id: builds
    after: lacking
    commands:
      - { run: echo nor, capture: nor }
  - id: checked
    selfCheck: { expect: 'checked.text == "no"', otherwise: { en: The echo was the bottleneck, zh: 回显是瓶颈 } }
    commands:
      - { run: echo checked, capture: checked }
claims:
  - { id: met, statement: { en: It is met, zh: 满足 }, expect: 'met.text == "met\\n"' }
  - { id: never, statement: { en: It is said, zh: 有输出 }, expect: 'never.text == "never\\n"' }
  - { id: nor, statement: { en: It is said, zh: 有输出 }, expect: 'nor.text == "nor\\n"' }
  - { id: checked, statement: { en: It is said, zh: 有输出 }, expect: 'checked.text == "checked\\n"' }
`;

test('an experiment whose guest lacks what it needs is skipped, with all that builds on it', async (t) => {
  const place = join(await temporaryFolder(t), 'study');
  await mkdir(place);
  await writeFile(join(place, 'study.yaml'), study);
  const { folder, events } = await runWhole(t, await loadStudy(place));
  t.deepEqual(await verdictsOf(folder), { met: 'upheld', never: 'skipped', nor: 'skipped', checked: 'undecided' });
  const lacks = [
    { kind: 'guest', name: 'mini' },
    { kind: 'shell', name: 'zsh' },
    { kind: 'tool', name: 'iperf4' },
    { kind: 'kernel', name: 'CONFIG_NO_SUCH_THING' },
  ];
  t.like(
    events.filter(({ kind }) => kind === 'experiment-skipped'),
    [
      { experiment: 'lacking', lacks },
      { experiment: 'builds', lacks: [] },
    ],
  );
  t.deepEqual(
    (await commandsOf(folder, 'builds')).map(({ purpose }) => purpose),
    ['needs'],
  );
  const { verdicts } = findingsOf(await openRun(folder));
  t.like(verdicts[2]?.reason, { kind: 'lacks', experiment: 'lacking' });
  t.like(verdicts[3]?.reason, { kind: 'self-check', experiment: 'checked' });

  await writeReport(folder, ['zh']);
  t.regex(await readFile(join(folder, 'report.zh.md'), 'utf8'), /回显是瓶颈/);
});
