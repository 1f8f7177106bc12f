import test from 'ava';
import { chineseLabels } from '../../src/figure/labels.ts';
import { layOutLoss, renderLossPlot, type LossStep } from '../../src/figure/plot/loss.ts';
import type { PlotLayout } from '../../src/figure/plot/shapes.ts';
import { layOutTime, renderTimePlot, type TimeRow } from '../../src/figure/plot/time.ts';
import { lossPlots, timePlots } from './plots.ts';
import { textsOf } from './xml.ts';

const title = 'A title';

/** The bars without those of the legend, which are all 22 px wide, from the top and from the left. */
function barsOf({ shapes }: PlotLayout) {
  const bars = shapes.filter((shape) => shape.kind === 'bar');
  return bars.filter(({ height }) => height === 14).sort((a, b) => a.y - b.y || a.x - b.x);
}

function lossBars(...steps: readonly LossStep[]) {
  return barsOf(layOutLoss({ title, steps }));
}

function timeBars(...rows: readonly TimeRow[]) {
  return barsOf(layOutTime({ title, rows }));
}

test('what was received and what was lost share a bar by their numbers', (t) => {
  const [received, lost] = lossBars({ label: 'a', transmitted: 8, received: 6 });
  t.deepEqual([received?.ink, lost?.ink], ['received', 'lost']);
  t.true(Math.abs((received?.width ?? 0) - 3 * (lost?.width ?? 0)) < 0.01);
  t.true(Math.abs((lost?.x ?? 0) - (received?.x ?? 0) - (received?.width ?? 0)) < 0.01);
});

test('every bar of losses is as long as the others, however many packets were sent', (t) => {
  const [all, none] = lossBars(
    { label: 'a', transmitted: 2, received: 2 },
    { label: 'b', transmitted: 5000, received: 0 },
  );
  t.deepEqual([all?.ink, none?.ink, all?.width], ['received', 'lost', none?.width]);
});

test('the numbers stand beside the bars', (t) => {
  const words = textsOf(renderLossPlot({ title, steps: lossPlots['ofTheStudy'] ?? [] }).svg);
  for (const word of ['8 of 8 received', '0 of 4 received', '7 of 8 received']) t.true(words.includes(word));
});

test('the text of the losses is a table with the labels behind the numbers', (t) => {
  t.is(
    renderLossPlot({ title, steps: lossPlots['ofTheStudy'] ?? [] }).text,
    [
      'sent  received  lost  step',
      '   8         8     0  2.1 step 3: the local network works',
      '   4         0     4  2.1 step 4: the namespaces are isolated',
      '   8         7     1  2.2 step 5',
    ].join('\n'),
  );
});

test('counts that are none are refused', (t) => {
  for (const [transmitted, received] of [
    [-1, 0],
    [1, -1],
    [1.5, 1],
    [NaN, 0],
  ] as const)
    t.throws(() => renderLossPlot({ title, steps: [{ label: 'a', transmitted, received }] }), {
      instanceOf: RangeError,
    });
});

test('times are stacked in the order given, as long as they took', (t) => {
  const [commands, waiting, boot] = timeBars(
    {
      label: 'a',
      parts: [
        { kind: 'commands', seconds: 1 },
        { kind: 'waiting', seconds: 3 },
      ],
    },
    { label: 'b', parts: [{ kind: 'boot', seconds: 4 }] },
  );
  t.deepEqual([commands?.ink, waiting?.ink, boot?.ink], ['commands', 'waiting', 'boot']);
  t.true(Math.abs((waiting?.x ?? 0) - (commands?.x ?? 0) - (commands?.width ?? 0)) < 0.01);
  t.true(Math.abs((waiting?.width ?? 0) - 3 * (commands?.width ?? 0)) < 0.01);
  t.true(Math.abs((boot?.width ?? 0) - 4 * (commands?.width ?? 0)) < 0.01);
});

test('two rows with the same label are two bars', (t) => {
  const row: TimeRow = { label: 'a', parts: [{ kind: 'boot', seconds: 1 }] };
  const [first, second] = timeBars(row, row);
  t.deepEqual([first?.x, first?.width], [second?.x, second?.width]);
  t.true((second?.y ?? 0) > (first?.y ?? 0));
});

test('each bar is told in words, and the legend has the kinds that occur and no others', (t) => {
  const words = textsOf(renderTimePlot({ title, rows: (timePlots['ofTheStudy'] ?? []).slice(0, 3) }).svg);
  t.deepEqual(words, [
    'A title',
    'Time in seconds',
    ...['boot', 'commands', 'waiting, no answer'],
    ...['Boot', 'boot', '6.21 s'],
    ...['2.1 step 1: create taps and', 'namespaces', 'commands', '0.31 s'],
    ...['2.1 step 4: the namespaces', 'are isolated', 'commands 0.04 + waiting, no answer 6.15', '6.19 s'],
    ...['0', '2', '4', '6'],
  ]);
});

test('the text of the times is a table with a dash where a row has no time of a kind', (t) => {
  t.is(
    renderTimePlot({ title, rows: (timePlots['ofTheStudy'] ?? []).slice(0, 3), labels: chineseLabels }).text,
    [
      '时间（秒）',
      '启动  命令  等待，无应答  合计  步骤',
      '6.21     –             –  6.21  Boot',
      '   –  0.31             –  0.31  2.1 step 1: create taps and namespaces',
      '   –  0.04          6.15  6.19  2.1 step 4: the namespaces are isolated',
    ].join('\n'),
  );
});

test('times that are none are refused', (t) => {
  for (const seconds of [-0.01, NaN, Infinity, 1e9])
    t.throws(() => renderTimePlot({ title, rows: [{ label: 'a', parts: [{ kind: 'boot', seconds }] }] }), {
      instanceOf: RangeError,
    });
});

test('no steps and no rows are pictures that say so', (t) => {
  for (const { svg, text } of [renderLossPlot({ title, steps: [] }), renderTimePlot({ title, rows: [] })]) {
    t.is(text, 'nothing observed');
    t.true(textsOf(svg).includes('nothing observed'));
  }
});
