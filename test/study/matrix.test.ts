import test from 'ava';
import { loadStudy } from '../../src/study/load.ts';
import { guestShares } from '../../src/run/guest-shares.ts';
import { select } from '../../src/run/selection.ts';
import { edit, expectProblems, writeStudy } from '../support/small-study.ts';

const matrix = `format: 2
id: matrix
title: A matrix
experiments:
  - id: base
    commands:
      - ip netns add a
      - { run: ip netns list, capture: before, parse: namespaces }
  - id: pings
    after: base
    parameters: { size: [16, 100], quiet: ['-q', ''] }
    except: { size: 100, quiet: '-q' }
    repeat: 2
    commands:
      - { run: 'ping -c 1 -s \${size} \${quiet} 127.0.0.1', capture: probe, parse: ping }
measures:
  rtt: { of: probe.rtt.avgMs, unit: ms }
claims:
  - { id: answered, for: size, statement: 'With \${size} bytes \${HOME}', expect: max(rtt) < 9 }
`.replaceAll("''", "'-n'");

test('a matrix becomes one experiment for each cell and repeat, with the steps before it and captures of its own', async (t) => {
  const { study, written, index } = await loadStudy(await writeStudy(t, matrix, {}));
  t.deepEqual(
    study.experiments.map(({ id, after }) => [id, after]),
    [
      ['base', undefined],
      ...['size-16.quiet--q.1', 'size-16.quiet--q.2', 'size-16.quiet--n.1', 'size-16.quiet--n.2'].map((id) => [
        `pings.${id}`,
        undefined,
      ]),
      ['pings.size-100.quiet--n.1', undefined],
      ['pings.size-100.quiet--n.2', undefined],
    ],
  );
  const cell = study.experiments[1];
  t.deepEqual(
    cell?.steps.map(({ id, prepares, commands }) => [
      id,
      prepares,
      commands?.map(({ run, capture }) => [run, capture]),
    ]),
    [
      [
        'base.base',
        true,
        [
          ['ip netns add a', undefined],
          ['ip netns list', undefined],
        ],
      ],
      ['pings', undefined, [['ping -c 1 -s 16 -q 127.0.0.1', 'probe.size-16.quiet--q.1']]],
    ],
  );
  t.is(study.claims[0]?.statement.en, 'With *size* bytes ${HOME}');
  t.is(written.study.claims[0]?.statement.en, 'With ${size} bytes ${HOME}');
  t.deepEqual([...written.index.captures.keys()], ['before', 'probe']);
  t.is(index.captures.size, 7);
});

test('each run of a cell has a guest of its own, a repeat the next seed; in a shared guest all run one after the other', async (t) => {
  const { study } = await loadStudy(await writeStudy(t, matrix, {}));
  t.deepEqual(
    guestShares(study.experiments).map(({ experiments, seedOffset }) => [experiments.length, seedOffset]),
    [
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 0],
      [1, 1],
      [1, 0],
      [1, 1],
    ],
  );
  const together = edit(matrix, ['repeat: 2', 'repeat: 2\n    guest: shared']);
  const { study: shared } = await loadStudy(await writeStudy(t, together, {}));
  t.deepEqual(
    guestShares(shared.experiments).map(({ experiments }) => experiments.length),
    [7],
  );
  t.deepEqual([...new Set(shared.experiments.slice(1).map(({ after }) => after))], ['base']);
});

test('an experiment is asked for by its name, or by that of one cell', async (t) => {
  const { study } = await loadStudy(await writeStudy(t, matrix, {}));
  const asked = (only: string): string[] => select(study, { only: [only] }).experiments.map(({ id }) => id);
  t.is(asked('pings').length, 6);
  t.deepEqual(asked('pings.size-100.quiet--n.2'), ['pings.size-100.quiet--n.2']);
  t.throws(() => asked('ping'), { message: /no experiment 'ping'/ });
});

const broken: readonly (readonly [what: string, ...edits: (readonly [string, string])[]])[] = [
  ['a value twice', ['[16, 100]', '[16, ‹the value 16 a second time›16]']],
  ['values of two types', ['[16, 100]', "[16, ‹of one type: number here, string there›'100']"]],
  [
    'nothing is left',
    [
      "except: { size: 100, quiet: '-q' }",
      "except: ‹nothing is left of the experiment 'pings'›[{ size: 16 }, { size: 100 }]",
    ],
  ],
  [
    'an exception of nothing',
    ["except: { size: 100, quiet: '-q' }", 'except:\n      - ‹there is no such combination›{ size: 99 }'],
  ],
  [
    'an exception’s parameter',
    [
      "except: { size: 100, quiet: '-q' }",
      "except:\n      - { ‹there is no parameter 'sise' (did you mean 'size'?)›sise: 100 }",
    ],
  ],
  [
    'a quick cell',
    [
      'experiments:',
      "quick: [base, ‹(did you mean 'pings.size-16.quiet--q.1'?)›pings.size-16.quiet--q.3]\nexperiments:",
    ],
  ],
  ['quick twice', ['experiments:', "quick: [pings, ‹'pings' a second time›pings]\nexperiments:"]],
  ['too many runs', ['repeat: 2', 'repeat: ‹would run more than 2000 times›1000']],
  [
    'a state of many',
    ['measures:', "  - id: late\n    after: ‹'pings' runs more than once›pings\n    commands: ['true']\nmeasures:"],
  ],
  [
    'exceptions of nothing',
    ["    parameters: { size: [16, 100], quiet: ['-q', '-n'] }\n", ''],
    ['except: { size', "except: ‹'except' needs 'parameters'›{ size"],
    ['for: size, ', ''],
  ],
  ['a parameter with a capture’s name', ['{ size: [16', '{ ‹has the name of a capture›before: [1], size: [16']],
  ['a parameter of CEL', ['{ size: [16', '{ ‹means something else›in: [1], size: [16']],
  ['a parameter of Refigure’s', ['{ size: [16', "{ ‹Refigure's own›rf_x: [1], size: [16"]],
  [
    'a measure with a capture’s name',
    ['rtt: { of', '‹has the name of a capture›probe: { of'],
    ['max(rtt) < 9', "'probe[0].received == 1'"],
  ],
  [
    'a measure that is no number',
    ['probe.rtt.avgMs', '‹gives string, not a number›probe.destination'],
    ['max(rtt) < 9', 'probe.size() > 1'],
  ],
  [
    'a measure of two experiments',
    ['probe.rtt.avgMs', '‹two experiments print›probe.received + before.namespaces.size()'],
    ['max(rtt) < 9', 'probe.size() > 1'],
  ],
  [
    'a measure of a field that there is not',
    ['probe.rtt.avgMs', 'probe.rtt.‹No such key: avg›avg'],
    ['max(rtt) < 9', 'probe.size() > 1'],
  ],
  ['for what there is not', ['for: size', "for: ‹there is no parameter 'sise' (did you mean 'size'?)›sise"]],
  [
    'for what it does not read',
    ['max(rtt) < 9', 'before.namespaces.size() == 1'],
    ['for: size', 'for: ‹has the parameter ›size'.replace('has', 'reads has')],
  ],
  ['a list where a number is', ['max(rtt) < 9', '‹no such overload›rtt < 9']],
  [
    'a phrase of another parameter',
    ['max(rtt) < 9', "max(rtt where ‹there is no parameter 'siz' (did you mean 'size'?)›siz is 16) < 9"],
  ],
  ['a phrase of another value', ['max(rtt) < 9', 'max(rtt where ‹is never 17›size is 17) < 9']],
  ['a phrase of one run', ['max(rtt) < 9', 'max(rtt) < 9 && count(‹of one run›before where size is 16) > 0']],
  ['a phrase that is none', ['max(rtt) < 9', 'max(rtt ‹PARAMETER is VALUE›where size = 16) < 9']],
];

for (const [what, ...edits] of broken) {
  test(`a study with ${what} is told so, once, at its place`, (t) => expectProblems(t, edit(matrix, ...edits), {}));
}
