import test from 'ava';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { placeFigures } from '../../src/report/model/place-figures.ts';
import { writeStudy } from '../support/small-study.ts';

const study = `format: 2
id: rates
title: Rates
experiments:
  - id: netem
    parameters: { delay: [10, 50] }
    commands:
      - { run: 'ping -c 1 127.0.0.1', capture: probe, parse: ping }
  - id: plain
    commands:
      - { run: 'ping -c 2 127.0.0.2', capture: other, parse: ping }
measures:
  rtt: { of: probe.rtt.minMs, unit: ms }
figures:
  - { id: measure, caption: A, bars: { x: delay, y: rtt } }
  - { id: runs, caption: B, series: { of: probe, rows: replies, x: sequence, y: timeMs } }
  - { id: step, caption: C, series: { of: other, rows: replies, x: sequence, y: timeMs } }
  - { id: time, caption: D, time: [netem] }
claims:
  - { id: rtt, statement: It takes a while, expect: min(rtt) > 0 }
`;

test('each figure has a place: its step, the measures, where it is of several runs too, or the run as a whole', async (t) => {
  const places = placeFigures(await loadCheckedStudy(await writeStudy(t, study, {})));
  const ids = (figures: readonly { readonly id: string }[]): string[] => figures.map(({ id }) => id);
  t.deepEqual(ids(places.ofMeasures), ['measure', 'runs']);
  t.deepEqual(ids(places.after('plain', 'plain')), ['step']);
  t.deepEqual(ids(places.ofTheRun), ['time']);
});
