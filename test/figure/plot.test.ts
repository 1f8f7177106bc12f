import test from 'ava';
import { chineseLabels, englishLabels, type FigureLabels } from '../../src/figure/labels.ts';
import { layOutLoss, renderLossPlot } from '../../src/figure/plot/loss.ts';
import { alignedTable } from '../../src/figure/plot/table.ts';
import { plotThemes } from '../../src/figure/plot/theme.ts';
import type { PlotLayout, PlotShape } from '../../src/figure/plot/shapes.ts';
import { layOutRtt, renderRttPlot } from '../../src/figure/plot/rtt/plot.ts';
import { layOutTime, renderTimePlot } from '../../src/figure/plot/time.ts';
import type { Drawing } from '../../src/figure/svg/drawing.ts';
import { touch } from '../../src/figure/topology/words.ts';
import type { Rectangle } from '../../src/figure/svg/geometry.ts';
import { contrast } from './contrast.ts';
import { lossPlots, rttPlots, timePlots } from './plots.ts';
import { elementsOf, textsOf } from './xml.ts';

interface Plot {
  layOut(labels: FigureLabels): PlotLayout;
  render(title: string, labels?: FigureLabels): Drawing;
}

const title = 'A title that says what the picture shows';
const languages = { English: englishLabels, Chinese: chineseLabels };
const plots: Record<string, Plot> = {};
for (const [name, series] of Object.entries(rttPlots)) {
  plots[`rtt ${name}`] = {
    layOut: (labels) => layOutRtt({ title, series, labels }),
    render: (title, labels = englishLabels) => renderRttPlot({ title, series, labels }),
  };
}
for (const [name, steps] of Object.entries(lossPlots)) {
  plots[`loss ${name}`] = {
    layOut: (labels) => layOutLoss({ title, steps, labels }),
    render: (title, labels = englishLabels) => renderLossPlot({ title, steps, labels }),
  };
}
for (const [name, rows] of Object.entries(timePlots)) {
  plots[`time ${name}`] = {
    layOut: (labels) => layOutTime({ title, rows, labels }),
    render: (title, labels = englishLabels) => renderTimePlot({ title, rows, labels }),
  };
}

/** What a shape covers, a hair's breadth for a line; nothing for the frame, which everything lies on. */
function covered(shape: PlotShape): Rectangle | null {
  switch (shape.kind) {
    case 'frame':
      return null;
    case 'packet':
      return {
        x: shape.x - shape.radius,
        y: shape.y - shape.radius,
        width: 2 * shape.radius,
        height: 2 * shape.radius,
      };
    case 'rule':
      return {
        x: shape.x,
        y: shape.y + Math.min(0, shape.dy),
        width: shape.dx + 0.01,
        height: Math.abs(shape.dy) + 0.01,
      };
    case 'text':
    case 'bar':
      return shape;
    default:
      return null;
  }
}

for (const [name, plot] of Object.entries(plots)) {
  for (const [language, labels] of Object.entries(languages)) {
    test(`no text of '${name}' in ${language} touches anything or leaves the frame`, (t) => {
      const { shapes, width } = plot.layOut(labels);
      const frame = shapes.find(({ kind }) => kind === 'frame');
      if (frame?.kind !== 'frame') return t.fail('no frame');
      for (const [index, text] of shapes.entries()) {
        if (text.kind !== 'text') continue;
        t.true(text.x >= frame.x && text.x + text.width <= frame.x + frame.width, text.text);
        t.true(text.role === 'title' ? text.y >= 0 : text.y >= frame.y, text.text);
        t.true(text.y + text.height <= frame.y + (text.role === 'title' ? 0 : frame.height), text.text);
        const touched = shapes.find((other, place) => {
          const area = place === index ? null : covered(other);
          return area !== null && touch(text, area);
        });
        t.is(touched, undefined, text.text);
      }
      t.true(frame.x + frame.width < width);
    });
  }

  test(`every mark of '${name}' lies within the frame`, (t) => {
    const { shapes } = plot.layOut(englishLabels);
    const frame = shapes.find(({ kind }) => kind === 'frame');
    if (frame?.kind !== 'frame') return t.fail('no frame');
    t.is(
      shapes.some(({ kind }) => kind === 'rule'),
      !name.endsWith('empty'),
      'an axis',
    );
    for (const shape of shapes) {
      const area = shape.kind === 'text' ? null : covered(shape);
      if (area === null) continue;
      t.true([area.x, area.y, area.width, area.height].every(Number.isFinite));
      t.true(area.x >= frame.x && area.x + area.width <= frame.x + frame.width);
      t.true(area.y >= frame.y && area.y + area.height <= frame.y + frame.height);
    }
  });

  test(`the picture of '${name}' is well-formed, small, and the same every time`, (t) => {
    const first = plot.render(title);
    renderLossPlot({ title: 'another one in between', steps: lossPlots['ofTheStudy'] ?? [] });
    t.deepEqual(plot.render(title), first);
    t.true(elementsOf(first.svg).length > 5);
    t.true(first.svg.length < 150_000);
  });

  test(`markup and direction overrides in the title of '${name}' are text`, (t) => {
    const { svg, text } = plot.render('</title><script>\u202e\x01 & ]]>');
    t.false(elementsOf(svg).includes('script'));
    t.notRegex(svg + text, /[\u202a-\u202e\x01]/);
    t.true(textsOf(svg).join(' ').includes('</title><script><U+202E>\ufffd & ]]>'));
  });
}

test('every picture has colours for both themes', (t) => {
  const { svg } = renderTimePlot({ title, rows: timePlots['ofTheStudy'] ?? [] });
  const [light = '', dark = ''] = svg.split('@media (prefers-color-scheme: dark) {');
  for (const ink of ['boot', 'commands', 'waiting', 'overhead', 'other'] as const) {
    t.true(light.includes(`stroke: ${plotThemes.light[ink]}`));
    t.true(dark.includes(`stroke: ${plotThemes.dark[ink]}`));
  }
  t.notRegex(dark.slice(dark.indexOf('</style>')), /#[0-9a-f]{6}/, 'no colour but by class');
});

for (const [name, theme] of Object.entries(plotThemes)) {
  test(`in the ${name} theme texts have a contrast of 4.5 and marks of 3`, (t) => {
    for (const role of ['text', 'muted', 'lost'] as const) t.true(contrast(theme[role], theme.ground) >= 4.5, role);
    t.true(contrast(theme.text, theme.paper) >= 4.5);
    for (const ink of ['received', 'lost', 'boot', 'commands', 'waiting', 'overhead', 'other', 'axis'] as const)
      t.true(contrast(theme[ink], theme.ground) >= 3, ink);
  });
}

test('the columns of a table are flush right, and a wide character takes up two', (t) => {
  t.deepEqual(
    alignedTable([
      ['数据包', 'ms'],
      ['1', '0.5'],
      ['10000', '12.5'],
    ]),
    ['数据包    ms', '     1   0.5', ' 10000  12.5'],
  );
});
