import test from 'ava';
import { compareRuns } from '../../src/comparison/compare-runs.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { StudyError } from '../../src/core/errors.ts';
import { openRun } from '../../src/evidence/open.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit } from '../support/small-study.ts';

const study = `format: 2
id: own
title: A study with masks of its own
masks:
  clock: { pattern: '\\d\\d:\\d\\d:\\d\\d\\.\\d+', shown: <clock> }
experiments:
  - id: first
    commands:
      - { run: date, capture: names }
      - { run: date -u, capture: again }
figures:
  - id: '1'
    caption: The clock
    terminal: [names]
    shows: { outputs: { names: "it is <clock>, <clock>\\n" }, masks: [clock] }
claims:
  - { id: said, statement: It is said, expect: 'names.lines.size() == 1' }
`;

const printed = { names: 'it is 10:00:01.123, 10:00:02.5\n', again: '11:00:00.1\n' };

test('a mask of the study’s own hides what its pattern fits, counts it, and nothing else', async (t) => {
  const folder = await smallRun(t, { study, printed });
  const [figure] = findingsOf(await openRun(folder)).figures;
  t.like(figure, { state: 'equivalent', masks: [{ mask: 'clock', count: 2 }] });
  const other = await smallRun(t, { study, printed: { ...printed, names: 'it was 10:00:01.123, 10:00:02.5\n' } });
  t.is(findingsOf(await openRun(other)).figures[0]?.state, 'different');
});

test('two runs are compared by the study’s own masks, too, also what no figure shows', async (t) => {
  const folders = [
    await smallRun(t, { study, printed }),
    await smallRun(t, { study, printed: { names: 'it is 10:00:01.123, 23:00:02.5\n', again: '23:59:59.9\n' } }),
  ];
  const [a, b] = await Promise.all(folders.map(async (folder) => findingsOf(await openRun(folder))));
  if (a === undefined || b === undefined) return;
  t.like(compareRuns(a, b).observations, [
    { name: 'names', likeness: 'equivalent', masks: [{ mask: 'clock', count: 1 }] },
    { name: 'again', likeness: 'equivalent', masks: [{ mask: 'clock', count: 1 }] },
  ]);
});

for (const [what, from, to, problem] of [
  ['is no pattern', "'\\d\\d:\\d\\d:\\d\\d\\.\\d+'", "'(\\d'", /5:\d+: .*this is no pattern/],
  ['fits nothing at all, too', "'\\d\\d:\\d\\d:\\d\\d\\.\\d+'", "'\\d*'", /5:\d+: .*fits nothing at all, too/],
  [
    'has the name of one that every study has',
    '  clock: {',
    '  durations: {',
    /durations.*a mask that every study has/,
  ],
  [
    'is named otherwise',
    'masks: [clock]',
    'masks: [clok]',
    /'clok' is no mask of this kind \(did you mean 'clock'\?\)/,
  ],
] as const) {
  test(`a mask of the study’s own that ${what} is told with its place`, async (t) => {
    const error = await t.throwsAsync(smallRun(t, { study: edit(study, [from, to]) }), { instanceOf: StudyError });
    t.regex(error.message, problem);
  });
}
