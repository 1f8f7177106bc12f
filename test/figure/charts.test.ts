import test from 'ava';
import fc from 'fast-check';
import { kindOf } from '../../src/figure/kinds/kinds.ts';
import type { Lack } from '../../src/figure/kinds/kind.ts';
import { chineseLabels, englishLabels, labelsFor, type FigureLabels } from '../../src/figure/labels.ts';
import { seriesThemes } from '../../src/figure/plot/chart/series-theme.ts';
import { seriesInks, styleOf } from '../../src/figure/plot/chart/series-shapes.ts';
import { plotThemes } from '../../src/figure/plot/theme.ts';
import type { Drawing } from '../../src/figure/svg/drawing.ts';
import { holds } from '../support/property.ts';
import { drawable, lacking, sources, type ChartCase } from './charts.ts';
import { contrast } from './contrast.ts';
import { measured, options, sourcesOf } from './measures.ts';
import { elementsOf, textBoxesOf, textsOf, type TextBox } from './xml.ts';

async function draw({ figure, paper }: ChartCase, labels: FigureLabels = englishLabels): Promise<Drawing | Lack> {
  const asked = { ...options('A title that says what the picture shows', labels), ...(paper && { paper }) };
  return kindOf(figure).draw(figure, sources, asked);
}

async function drawn(chart: ChartCase | undefined, labels?: FigureLabels): Promise<Drawing> {
  const drawing = chart === undefined ? { lacks: 'no such case' } : await draw(chart, labels);
  if ('lacks' in drawing) throw new Error(JSON.stringify(drawing));
  return drawing;
}

function overlap(a: TextBox, b: TextBox): boolean {
  const hair = 0.01;
  return a.x + a.width > b.x + hair && b.x + b.width > a.x + hair && a.bottom > b.top + hair && b.bottom > a.top + hair;
}

for (const [name, chart] of Object.entries(drawable)) {
  for (const [language, labels] of Object.entries({ English: englishLabels, Chinese: chineseLabels })) {
    test(`${name}, in ${language}: no text lies on another or leaves the frame`, async (t) => {
      const { svg } = await drawn(chart, labels);
      const [, width = '0', height = '0'] = /width="(\d+)" height="([\d.]+)"/.exec(svg) ?? [];
      const boxes = textBoxesOf(svg);
      for (const [index, box] of boxes.entries()) {
        t.true(box.x >= 8 && box.x + box.width <= Number(width) - 8 && box.bottom <= Number(height), box.text);
        const other = boxes.slice(index + 1).find((each) => overlap(box, each));
        t.is(other, undefined, box.text);
      }
    });
  }

  test(`${name}: the picture is well-formed, of finite numbers, and the same every time`, async (t) => {
    const first = await drawn(chart);
    t.deepEqual(await drawn(chart), first);
    t.true(elementsOf(first.svg).length > 5);
    t.notRegex(first.svg.replace(/<desc[^]*<\/desc>/, ''), /NaN|Infinity|undefined|null|e-\d/);
    t.notRegex(first.text, /NaN|Infinity|undefined/);
    t.true(first.svg.length < 200_000 && first.text.split('\n').length >= 2);
  });
}

for (const [name, [chart, lacks, because]] of Object.entries(lacking)) {
  test(`${name}: what is lacking is said`, async (t) => {
    t.deepEqual(await draw(chart), { lacks, because });
  });
}

test('the words of a chart: axes with units, a legend, what a mark stands for', async (t) => {
  const words = textsOf((await drawn(drawable['points with a legend and a line'])).svg);
  for (const word of ['Least RTT (ms)', 'delay', 'loss:', '0', '10', '30', 'y = x']) t.true(words.includes(word), word);
  t.true(words.includes('A mark for the median of n = 3 values; whiskers from the least to the greatest.'));
});

test('where numbers are long, the axis says by what they are to be multiplied', async (t) => {
  t.true(textsOf((await drawn(drawable['huge points'])).svg).includes('huge (10¹² ns)'));
  t.true(textsOf((await drawn(drawable['tiny points'])).svg).includes('tiny (10⁻¹⁵ s)'));
});

test('between whole numbers there are no ticks where all values are whole', async (t) => {
  const words = textsOf((await drawn(drawable['points some of which are missing'])).svg);
  t.false(
    words.some((word) => /^\d\.\d/.test(word)),
    words.join(' '),
  );
});

test('a logarithmic axis says that it is one', async (t) => {
  const words = textsOf((await drawn(drawable['points of a logarithmic axis'])).svg);
  t.true(words.includes('Throughput (bit/s), logarithmic scale'));
});

test('values that could not be read are told', async (t) => {
  const { svg, text } = await drawn(drawable['points some of which are missing']);
  for (const words of [textsOf(svg).join(' '), text])
    t.true(words.includes('3 of 9 values could not be read and are left out.'));
});

test('the text of points is a table with n, what stands for the values, and the spread', async (t) => {
  const { text } = await drawn(drawable['points some of which are missing']);
  t.deepEqual(text.split('\n').slice(2), [
    't  n  median: holes  min  max',
    '1  2              1    1    1',
    '2  2              2    2    2',
    '3  2              3    3    3',
  ]);
});

test('a confidence interval is the mean with Student’s t of n − 1 degrees', async (t) => {
  const measure = measured('m', { t: [1] }, (_, repeat) => [4, 5, 9][repeat - 1] ?? 0, { repeats: 3 });
  const figure = { kind: 'points', points: { x: 't', y: 'm', spread: 'interval' } } as const;
  const drawing = await kindOf(figure).draw(figure, sourcesOf([measure]), options());
  // mean 6, s = √7, t(0.975, 2) = 4.302653: 6 ± 4.302653 · √7 / √3
  t.regex('text' in drawing ? drawing.text : '', /\n1 +3 +6 +-0\.57241 +12\.572$/);
});

test('bars begin at zero, and one of nothing is still to be seen', async (t) => {
  const { svg } = await drawn(drawable['bars without height']);
  const heights = [...svg.matchAll(/<rect class="column[^>]* height="([\d.]+)"/g)].map(([, height]) => height);
  t.deepEqual(heights, ['1', '1', '1']);
});

test('a box is told by its quartiles, its ends, n and what lies beyond', async (t) => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 100];
  const measure = measured('m', { t: ['a'] }, (_, repeat) => values[repeat - 1] ?? 0, { repeats: values.length });
  const figure = { kind: 'box', box: { x: 't', y: 'm' } } as const;
  const drawing = await kindOf(figure).draw(figure, sourcesOf([measure]), options());
  t.is('text' in drawing ? drawing.text.split('\n').at(-1) : '', 'a  9    1   3       5   7  100       100');
});

test('a distribution goes from 0 to 1', async (t) => {
  const { text } = await drawn(drawable['a distribution']);
  const shares = text
    .split('\n')
    .slice(2)
    .map((line) => Number(line.trim().split(/ +/).at(-1)));
  t.deepEqual([shares[0], shares.at(-1)], [0, 1]);
  t.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
});

test('a table has a cell for each combination, and tells that rows were left out', async (t) => {
  const words = textsOf((await drawn(drawable['a table'])).svg);
  for (const word of ['delay', 'loss', '10', '50', '100', 'Least RTT (ms)']) t.true(words.includes(word), word);
  t.regex((await drawn(drawable['a table of a thousand rows'])).text, /\n940 more lines$/);
  t.true(
    textsOf((await drawn(drawable['a table with holes'])).svg).includes(
      '3 of 9 values could not be read and are left out.',
    ),
  );
});

test('messages are arrows in their order between those who sent them, and how many more there are is told', async (t) => {
  const { svg, text } = await drawn(drawable['two messages']);
  t.true(textsOf(svg).includes('VLAN 10: ICMP echo request, seq 1, 98 B'));
  t.deepEqual(text.split('\n'), [
    'no.  time (s)  from  to  bytes                            message',
    '  1  0.000000     a   b     98  VLAN 10: ICMP echo request, seq 1',
    '  2  0.012300     b   a     98             ICMP echo reply, seq 1',
  ]);
  t.true(textsOf((await drawn(drawable['a hundred messages'])).svg).includes('… 60 more'));
});

test('endpoints stand in the order that the study gives, then as they appear', async (t) => {
  const names = textBoxesOf((await drawn(drawable['messages of six endpoints'])).svg).filter(
    ({ role }) => role === 'name',
  );
  const fromLeft = names.toSorted((a, b) => a.x + a.width / 2 - (b.x + b.width / 2)).map(({ text }) => text);
  t.is(fromLeft[0], '10.0.0.9');
  t.is(fromLeft[1], '10.0.0.2');
  t.is(fromLeft.at(-1), '10.0.0.1');
});

test('series of several runs are named by what they differ in', async (t) => {
  const all = textsOf((await drawn(drawable['a series for each run'])).svg);
  t.true(all.includes('algorithm = cubic, repeat 1') && all.includes('algorithm = bbr, repeat 2'));
  const ofCell = textsOf((await drawn(drawable['a series of the runs of a cell'])).svg);
  t.true(ofCell.includes('repeat 1') && ofCell.includes('repeat 2'));
  t.false(textsOf((await drawn(drawable['a series of one run'])).svg).some((word) => word.includes('repeat')));
});

test('no two of sixteen series look alike', (t) => {
  const styles = Array.from({ length: 16 }, (_, index) => JSON.stringify(styleOf(index)));
  t.is(new Set(styles).size, 16);
});

for (const name of ['light', 'dark'] as const) {
  test(`in the ${name} theme the colours of series have a contrast of 3 to the ground`, (t) => {
    for (const ink of [...seriesInks, 'paper', 'reference', 'ink'] as const)
      t.true(contrast(seriesThemes[name][ink], plotThemes[name].ground) >= 3, ink);
  });
}

const value = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(0, -0, 1e-40, 1e30, 5e-324));

test('whatever the values are, points are drawn within their frame, or it is said why not', async (t) => {
  const property = fc.asyncProperty(
    fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 12 }),
    fc.constantFrom('x', 'y', 'both', undefined),
    async (pairs, log) => {
      const rows = pairs.map(([x, y], index) => ({ cell: { x }, repeat: index + 1, value: y, why: null }));
      const measure = { name: 'm', title: 'm', unit: null, parameters: ['x'], rows };
      const figure = { kind: 'points', points: { x: 'x', y: 'm', log, show: 'each' } } as const;
      const drawing = await kindOf(figure).draw(figure, sourcesOf([measure]), options());
      if ('lacks' in drawing) return (drawing.because ?? '') !== '';
      const marks = [...drawing.svg.matchAll(/<circle class="mark[^"]*" cx="([^"]*)" cy="([^"]*)"/g)];
      return marks.length >= 1 && marks.every(([, x, y]) => Number(x) >= 32 && Number(x) <= 728 && Number(y) >= 40);
    },
  );
  await holds(t, property, 300);
});

test('whatever the values are, every other figure of a measure has finite numbers, or it is said why not', async (t) => {
  const figures = [
    { kind: 'bars', bars: { x: 'x', y: 'm' } },
    { kind: 'bars', bars: { x: 'x', y: 'm', by: 'x', log: 'y' } },
    { kind: 'bars', bars: { x: 'x', y: 'm', show: 'mean', spread: 'interval' } },
    { kind: 'box', box: { x: 'x', y: 'm' } },
    { kind: 'cdf', cdf: { of: 'm', log: 'x' } },
    { kind: 'table', table: { of: 'm', rows: 'x', columns: 'x', spread: 'interval' } },
  ] as const;
  const property = fc.asyncProperty(
    fc.array(fc.tuple(fc.constantFrom('a', 'b', true, 3, -0), value), { minLength: 1, maxLength: 12 }),
    fc.constantFrom(...figures),
    async (pairs, figure) => {
      const rows = pairs.map(([x, y], index) => ({ cell: { x }, repeat: index + 1, value: y, why: null }));
      const measure = { name: 'm', title: 'm', unit: 'ms', parameters: ['x'], rows };
      const drawing = await kindOf(figure).draw(figure, sourcesOf([measure]), options());
      if ('lacks' in drawing) return (drawing.because ?? '') !== '';
      elementsOf(drawing.svg);
      return !/NaN|Infinity/.test(drawing.svg + drawing.text);
    },
  );
  await holds(t, property, 300);
});

test('the paper’s medians stand on our boxes, at places where we have no box too', async (t) => {
  const { svg, text } = await drawn(drawable['boxes beside the paper’s medians']);
  const rows = text.split('\n').filter((line) => line.includes('paper: bbr'));
  t.deepEqual(
    rows.map((line) => line.trim().split(/ {2,}/)),
    [
      ['0', 'paper: bbr', '–', '–', '–', '9000000', '–', '–', '–'],
      ['16', 'paper: bbr', '–', '–', '–', '1000000', '–', '–', '–'],
    ],
  );
  t.true(textsOf(svg).includes('paper') && textsOf(svg).includes('16'));
});

test('the paper’s distribution is drawn in the colour of ours that has its name', async (t) => {
  const { text } = await drawn(drawable['distributions beside the paper’s']);
  const rows = text.split('\n').filter((line) => line.includes('paper: one (n = 120)'));
  t.is(rows.length, 3);
});

test('in a table the paper’s value stands below ours, and alone where we have none', async (t) => {
  const { text } = await drawn(drawable['a table beside the paper’s']);
  t.regex(text, /^ *50 .*\(.*, paper: 51\.25\)/m);
  t.regex(text, /^ *1000 +– +– \(paper: 1004\)/m);
});

for (const [kind, english, chinese] of [
  ['paper', 'paper', '论文'],
  ['post', 'post', '文章'],
  ['RFC', 'RFC', 'RFC'],
  ['documentation', 'documentation', '文档'],
  ['own', 'study', '本研究'],
] as const) {
  test(`the source’s curve is that of a source of kind ${kind}, in both languages`, async (t) => {
    for (const [labels, word] of [
      [englishLabels, english],
      [chineseLabels, chinese],
    ] as const) {
      for (const name of [
        'points beside the paper’s',
        'bars beside the paper’s',
        'a table beside the paper’s',
      ] as const) {
        const { svg, text } = await drawn(drawable[name], labelsFor(labels, kind));
        const drawnWords = textsOf(svg).join('\n');
        t.true(text.includes(word) && drawnWords.includes(word), name);
        t.is(`${drawnWords}${text}`.includes(labels.chart.sources.paper), kind === 'paper', name);
      }
    }
  });
}
