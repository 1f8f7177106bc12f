import test from 'ava';
import { edit, expectProblems } from '../support/small-study.ts';

/** A study of measures; what is between the lines stands in its second figure. */
const study = `format: 2
id: rates
title: Rates
experiments:
  - id: netem
    parameters: { delay: [10, 50], loss: [0, 10] }
    commands:
      - { run: 'ping -c \${delay} 127.0.0.1', capture: probe, parse: ping }
  - id: plain
    commands:
      - { run: 'ping -c 2 127.0.0.2', capture: other, parse: ping }
      - { run: 'ping -c 3 127.0.0.2', capture: third, parse: ping }
measures:
  rtt: { of: probe.rtt.minMs, unit: ms }
figures:
  - id: rtt
    caption: The RTT
    points: { x: delay, y: rtt, by: loss }
    shows: { source: Figure 3, points: { 0: [[10, 11]], 10: [[10, 12]] }, rule: [{ tolerance: 10% }, order] }
claims:
  - { id: rtt, statement: It takes a while, expect: min(rtt) > 0 }
`;

test('a figure of measures with the source’s points has no problem', async (t) => {
  await expectProblems(t, study);
  const kinds = [
    'bars: { x: delay, y: rtt, by: loss }',
    'series: { of: [other, third], rows: replies, x: sequence, y: timeMs }',
    'box: { x: delay, y: rtt, by: loss }',
    'cdf: { of: rtt, by: loss }',
    'table: { of: rtt, rows: delay, columns: loss }',
  ];
  for (const kind of kinds.filter((each) => !each.startsWith('series')))
    await expectProblems(t, edit(study, ['points: { x: delay, y: rtt, by: loss }', kind]));
  await expectProblems(
    t,
    edit(
      study,
      ['points: { x: delay, y: rtt, by: loss }', kinds[1] ?? ''],
      ['{ 0: [[10, 11]], 10: [[10, 12]] }', '{ other: [[1, 1]], third: [[1, 2]] }'],
    ),
  );
});

test('measures and parameters that a figure names must be there', async (t) => {
  await expectProblems(
    t,
    edit(study, [
      'points: { x: delay, y: rtt, by: loss }',
      "points: { x: ‹there is no parameter and no measure 'dela' (did you mean 'delay'?)›dela, y: ‹there is no measure 'rt' (did you mean 'rtt'?)›rt, by: loss }",
    ]),
  );
  await expectProblems(
    t,
    edit(study, [
      'points: { x: delay, y: rtt, by: loss }\n    shows: { source: Figure 3, points: { 0: [[10, 11]], 10: [[10, 12]] }, rule: [{ tolerance: 10% }, order] }',
      "table: { of: [rtt, ‹there is no measure 'delay'›delay], rows: delay, columns: ‹there is no parameter 'rtt'›rtt }",
    ]),
  );
});

test('runs are picked by parameters that there are', async (t) => {
  const series = (cell: string): string =>
    `series: { of: probe, cell: { ${cell} }, rows: replies, x: sequence, y: timeMs }`;
  const points = 'points: { x: delay, y: rtt, by: loss }';
  await expectProblems(t, edit(study, [points, series('delay: 10')]));
  await expectProblems(
    t,
    edit(study, [points, series("dela: ‹there is no parameter 'dela' (did you mean 'delay'?)›10")]),
  );
});

test('the source’s curves have the names of the figure’s series', async (t) => {
  await expectProblems(t, edit(study, ['10: [[10, 12]] }', "‹the figure has no series '11'›11: [[10, 12]] }"]));
  await expectProblems(
    t,
    edit(
      study,
      [
        'points: { 0: [[10, 11]], 10: [[10, 12]] }',
        'points: ‹the figure has several series: give the points of each by its name›[[10, 11]]',
      ],
      [', order]', ']'],
    ),
  );
  await expectProblems(
    t,
    edit(
      study,
      [', by: loss }', ' }'],
      ['points: { 0:', 'points: ‹the figure has one series: give its points as a list, without a name›{ 0:'],
    ),
  );
});

test('points need a rule, a rule needs points, and two series where it is about two', async (t) => {
  await expectProblems(
    t,
    edit(
      study,
      ['shows: { source: Figure 3', "shows: ‹'points' need a rule›{ source: Figure 3"],
      [', rule: [{ tolerance: 10% }, order]', ''],
    ),
  );
  await expectProblems(
    t,
    edit(study, [
      '10: [[10, 12]] }, rule: [',
      "}, rule: ‹the rule 'order' is about two series, and the points are of fewer›[",
    ]),
  );
});

test('no other figure has points, and none of them has masks', async (t) => {
  await expectProblems(
    t,
    edit(
      study,
      ['points: { x: delay, y: rtt, by: loss }', 'rtt: [probe]'],
      ['points: { 0:', 'points: ‹only a figure of numbers can show points›{ 0:'],
    ),
  );
  await expectProblems(
    t,
    edit(study, [', order] }', ', order], masks: ‹a mask hides nothing of a curve›[durations] }']),
  );
});

test('an interval goes with the mean, and with nothing else', async (t) => {
  await expectProblems(
    t,
    edit(study, [
      'by: loss }\n',
      "by: loss, show: median, spread: ‹the spread 'interval' is one of the mean›interval }\n",
    ]),
  );
});

test('the series of a table are its columns, its measures, or both', async (t) => {
  const tableOf = (table: string, points: string): string =>
    edit(
      study,
      ['points: { x: delay, y: rtt, by: loss }', `table: { ${table} }`],
      ['{ 0: [[10, 11]], 10: [[10, 12]] }', points],
      ['  rtt: {', '  most: { of: probe.rtt.maxMs }\n  rtt: {'],
      ['rule: [{ tolerance: 10% }, order]', 'rule: { tolerance: 10% }'],
    );
  await expectProblems(t, tableOf('of: [rtt, most], rows: delay', '{ rtt: [[10, 11]], most: [[10, 12]] }'));
  await expectProblems(
    t,
    tableOf('of: [rtt, most], rows: delay, columns: loss', "{ 'rtt, 0': [[10, 11]], 'most, 10': [[10, 12]] }"),
  );
  await expectProblems(t, tableOf('of: rtt, rows: delay', '[[10, 11]]'));
  await expectProblems(
    t,
    tableOf('of: [rtt, most], rows: delay', "{ ‹the figure has no series '0'›0: [[10, 11]], most: [[10, 12]] }"),
  );
});
