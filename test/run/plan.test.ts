import test from 'ava';
import { defaultLimitS, defaultWholeLimitS } from '../../src/run/limits.ts';
import { followCommand, planExperiment, planFacts } from '../../src/run/plan.ts';
import { loadStudy } from '../../src/study/load.ts';
import type { Step } from '../../src/study/schema.ts';
import { indexedSteps } from '../support/indexed-steps.ts';
import { writeStudy } from '../support/small-study.ts';
import { nonce, runCommands, runSteps, testShells } from './shells.ts';

const folders = { base: '/tmp/base', study: '/tmp/base/study' };

/** Commands whose text a shell would change if one level of quoting were missing, or one too many. */
const awkward = [
  `echo 'single' "double" it\\'s`,
  'echo $((1 + 1)) "$HOME" \\$HOME \'$HOME\' `echo back` $(echo quoted)',
  "printf '%s\\n' '\\\\' \\\\ '\\n' \"\\\\\"",
  "printf '%s|' 'a  b' * \\* '*' '?' [a] ~ '~'",
  "printf '%s' 'line one\nline two\n'",
  'echo one;\necho two\n\necho three',
  'cat <<END\n$HOME\nEND\necho after',
  "cat <<'END'\n$HOME ' \" \\\nEND",
  'echo %s %d %% | cat; echo "#"; : # comment',
  'echo é 汉字 \u{1f980}',
  "echo -n; echo '-n'",
  '!  true',
  'printf "a\tb\n"',
];

testShells('a text with quotes, dollars, backslashes or newlines goes through unchanged', async (t, shell) => {
  const commands = await runCommands(t, shell, awkward);
  t.deepEqual(
    commands.map(({ text }) => text),
    awkward,
  );
});

testShells('such a text prints what it prints as a script of its own', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: awkward },
    { commands: awkward.map((_, index) => `sh ${index + 2}.sh`) },
    ...awkward.map((text) => ({ script: `${text}\n` })),
  ]);
  const printed = journal.commands.map(({ output }) => output.toString());
  t.deepEqual(printed.slice(0, awkward.length), printed.slice(awkward.length, 2 * awkward.length));
  t.true(printed.slice(0, awkward.length).join('').includes('汉字'));
});

testShells('annotations find such a text, and no other', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: awkward.map((run) => ({ run, separate: true })) },
    { commands: awkward.map((run) => `${run} `) },
  ]);
  t.deepEqual(
    journal.commands.map(({ step, errorOutput }) => [step, errorOutput !== null]),
    [...awkward.map(() => ['step1', true]), ...awkward.map(() => ['step2', false])],
  );
});

test('the longest limit of a plan is that of its slowest command, and at least the default', async (t) => {
  const step = (limitSeconds: number): Step => ({
    id: 'one',
    title: { en: 'One', zh: '一' },
    origin: 'added',
    commands: [{ run: 'true' }, { run: 'false', limitSeconds }],
  });
  t.is(planExperiment(await indexedSteps([step(1)]), folders, nonce).longestLimitS, defaultLimitS);
  t.is(planExperiment(await indexedSteps([step(300), step(2)]), folders, nonce).longestLimitS, 300);
  const whole: Step = { id: 'one', title: { en: 'One', zh: '一' }, origin: 'added', script: 'a.sh' };
  const indexed = await indexedSteps([whole], [['a.sh', 'set -v\n']]);
  t.is(planExperiment(indexed, folders, nonce).longestLimitS, defaultWholeLimitS);
  t.is(planFacts(folders, nonce).longestLimitS, defaultLimitS);
});

test('the watch looks four times within the shortest limit, each second at most and every five seconds at least', async (t) => {
  for (const [limits, quantum] of [
    [[], 5],
    [[300], 5],
    [[60, 17, 300], 5],
    [[60, 16, 300], 4],
    [[9], 3],
    [[8], 2],
    [[4], 1],
    [[1], 1],
  ] as const) {
    const commands = limits.map((limitSeconds) => ({ run: 'true', limitSeconds }));
    const step: Step = { id: 'one', title: { en: 'One', zh: '一' }, origin: 'added', commands };
    const { text } = planExperiment(await indexedSteps([step]), folders, nonce);
    t.regex(text, new RegExp(`^rf_open ${nonce}-one '/tmp/base/one' ${quantum} cat$`, 'm'), limits.join(' '));
  }
});

testShells("commands find an administrator's programs, and so does what they start", async (t, shell) => {
  const commands = await runCommands(t, shell, ['echo "$PATH"', 'env sh -c \'echo "$PATH"\'']);
  for (const { output } of commands) t.regex(output.toString(), /:\/usr\/local\/sbin:\/usr\/sbin:\/sbin\n$/);
});

test('the same steps give the same plan', async (t) => {
  const steps: Step[] = [
    { id: 'one', title: { en: 'One', zh: '一' }, origin: 'text', script: 'a.sh', topology: 'net' },
  ];
  const scripts = [['a.sh', 'echo one\n']] as const;
  const plan = planExperiment(await indexedSteps(steps, scripts), folders, nonce);
  t.deepEqual(plan, planExperiment(await indexedSteps(steps, scripts), folders, nonce));
  const calls = "rf_program '/tmp/base/steps/one/one' 'a.sh' 'sh' 'a.sh'";
  t.true(plan.text.includes(`rf_step 'one' study\n${calls}\nrf_step_end "$?" 'one'\n( rf_step 'one' topology\n`));
  t.deepEqual(
    plan.files.map(([path]) => path.replace('steps/one/one/', '')),
    ['program', 'original', 'l1', 'last'],
  );
  t.regex(plan.text, new RegExp(`^rf_probe_limit=${defaultLimitS}$`, 'm'));
});

test('files with blanks and quotes in their names stay one word each', (t) => {
  const base = "/tmp/it's a folder";
  const line = followCommand({ base, study: base }, 'a b', 7);
  t.is(line.match(/'\/tmp\/it'\\''s a folder\/(follow\.sh|plan-a b\.sh|a b\.journal)'/g)?.length, 3);
  t.regex(line, / 7$/);
});

testShells('what is said of a command in one step does not hold for the same text in another', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    { commands: [{ run: 'echo apart >&2', separate: true }] },
    { commands: [{ run: 'echo apart >&2' }] },
  ]);
  t.deepEqual(
    journal.commands.map(({ errorOutput }) => errorOutput !== null),
    [true, false],
  );
});

testShells(
  'a command that stands twice in a step is limited, and kept apart, as each of the two asks',
  async (t, shell) => {
    const run = 'echo apart >&2; sleep 3; echo late';
    const { journal } = await runSteps(t, shell, [
      {
        commands: [
          { run, separate: true },
          { run, limitSeconds: 1 },
        ],
      },
    ]);
    t.deepEqual(
      journal.commands.map(({ id, errorOutput, end }) => [id, errorOutput?.toString() ?? null, end?.how]),
      [
        ['c1', 'apart\n', 'exited'],
        ['c2', null, 'limit'],
      ],
    );
  },
);

testShells('a command that stands twice in a script is annotated by its place', async (t, shell) => {
  const { journal } = await runSteps(t, shell, [
    {
      script: '# first\nsleep 3\nf() {\nsleep 3\n}\n\n  echo x\necho x; echo y\nsleep 3\n',
      commands: [{ run: 'sleep 3' }, { run: 'sleep 3', limitSeconds: 1 }],
    },
  ]);
  t.deepEqual(
    journal.commands.map(({ id, end }) => [id, end?.how]),
    [
      ['l2', 'exited'],
      ['l3', 'exited'],
      ['l7', 'exited'],
      ['l8', 'exited'],
      ['l9', 'limit'],
    ],
  );
});

/** A server, and what asks it: in a guest of its own for each size, and in one that all have. */
const served = `format: 2
id: served
title: Served
experiments:
  - id: base
    background: [{ run: sleep 1000, name: server }]
    commands: [echo base]
  - { id: plain, after: base, commands: [echo plain] }
  - { id: asks, after: base, parameters: { size: [1, 2] }, commands: [{ run: 'echo asks \${size}', capture: asked }] }
claims:
  - { id: asked, statement: It answers, expect: 'asked.all(a, a.lines.size() == 1)' }
`;

test('what an experiment started in the background lives until the end of a cell that builds on it', async (t) => {
  const { index } = await loadStudy(await writeStudy(t, served, {}));
  const linesOf = (experiment: string): string[] =>
    planExperiment(index.stepsOf(experiment), folders, nonce)
      .text.split('\n')
      .filter((line) => /^rf_(step|background|stop) /.test(line))
      .map((line) => line.split(' ', 1)[0] ?? '');
  t.deepEqual(linesOf('base'), ['rf_step', 'rf_background', 'rf_stop']);
  t.deepEqual(linesOf('asks.size-2'), ['rf_step', 'rf_background', 'rf_step', 'rf_stop']);
  t.deepEqual(linesOf('plain'), ['rf_step']);
});
