import test, { type ExecutionContext } from 'ava';
import { findingsOf, type Findings } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { smallRun, type SmallRun } from '../support/saved-run.ts';
import { edit, expectProblems, smallStudy } from '../support/small-study.ts';

async function find(t: ExecutionContext, run: SmallRun): Promise<Findings> {
  return findingsOf(await openRun(await smallRun(t, run)));
}

function statesOf({ verdicts }: Findings): Record<string, string> {
  return Object.fromEntries(verdicts.map(({ claim, state, reason }) => [claim, reason?.kind ?? state]));
}

/** The first experiment lists its commands, so that each can say how it ends. */
const listed = edit(smallStudy, ['        script: make.sh\n', '']);

function withExits(exits: string, study = listed): string {
  return edit(study, ['capture: names, parse: namespaces', `capture: names, parse: namespaces, exits: ${exits}`]);
}

test('a claim is not upheld by a command that failed, whatever it printed', async (t) => {
  const found = await find(t, { study: listed, endings: { names: { status: 255 } } });
  t.deepEqual(statesOf(found), { made: 'ended', kept: 'after-failure' });
  t.deepEqual(
    found.failures.map(({ command, ending, expected }) => [command.text, ending.status, ending.how, expected]),
    [['ip netns list', 255, 'exited', 0]],
  );
});

test('how a command ends is expected as the study says', async (t) => {
  const cases: readonly (readonly [
    string,
    Pick<NonNullable<SmallRun['endings']>[string], 'status' | 'how'>,
    boolean,
  ])[] = [
    ['0', { status: 0 }, true],
    ['0', { status: 1 }, false],
    ['[0, 4]', { status: 4 }, true],
    ['[0, 4]', { status: 1 }, false],
    ['nonzero', { status: 255 }, true],
    ['nonzero', { status: 0 }, false],
    ['limit', { status: 143, how: 'limit' }, true],
    ['limit', { status: 0 }, false],
    ['any', { status: 143, how: 'limit' }, true],
    ['0', { status: 0, how: 'limit' }, false],
    ['any', { status: 9 }, true],
  ];
  for (const [exits, ending, isExpected] of cases) {
    const found = await find(t, { study: withExits(exits), endings: { names: ending } });
    t.deepEqual(
      statesOf(found),
      isExpected ? { made: 'upheld', kept: 'upheld' } : { made: 'ended', kept: 'after-failure' },
      exits,
    );
  }
});

test('a ping that is parsed may end with 1, and may be ended by its limit where it prints its statistics all the same', async (t) => {
  const study = edit(
    listed,
    ['ip netns list, capture: names, parse: namespaces', 'ping a, capture: names, parse: ping'],
    ['names.namespaces.exists(n, n.name == "a")', 'names.received == 0'],
  );
  const printed = {
    names:
      'PING a (10.0.0.1) 56(84) bytes of data.\n\n--- a ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n',
    again: 'a\n',
  };
  for (const [ending, state] of [
    [{ status: 1 }, 'upheld'],
    [{ status: 1, how: 'limit' }, 'upheld'],
    [{ status: 2 }, 'ended'],
    [{ status: 143, how: 'limit' }, 'ended'],
  ] as const) {
    t.is(statesOf(await find(t, { study, printed, endings: { names: ending } }))['made'], state);
  }
});

test('how a command ended can be asked whatever it printed, also without a parser', async (t) => {
  const study = edit(
    listed,
    ['capture: names, parse: namespaces', 'capture: names'],
    ['names.namespaces.exists(n, n.name == "a")', 'names.exitStatus == 3 && !names.limitReached'],
  );
  const found = await find(t, {
    study: withExits('nonzero', edit(study, ['capture: names', 'capture: names, parse: namespaces'])),
    endings: { names: { status: 3 } },
  });
  t.is(statesOf(found)['made'], 'upheld');
  t.is(statesOf(await find(t, { study, endings: { names: { status: 3 } } }))['made'], 'upheld');
});

test('a script of which nothing is said must itself end with 0; one command that fails within it is no failure', async (t) => {
  const script = edit(smallStudy, [
    '          - { run: ip netns list, capture: names, parse: namespaces }',
    '          - { run: ip netns add a }\n          - { run: ip netns list, capture: names, parse: namespaces }',
  ]);
  t.deepEqual(statesOf(await find(t, { study: script })), { made: 'upheld', kept: 'upheld' });
  const failed = await find(t, { study: smallStudy, endings: { names: { status: 1 } } });
  t.deepEqual(statesOf(failed), { made: 'ended', kept: 'after-failure' });
});

test('a figure of a command that failed unexpectedly is not compared', async (t) => {
  const study = edit(listed, [
    '    terminal: [names]\n',
    '    terminal: [names]\n    shows: { origin: text, outputs: { names: "a\\n" }, masks: [] }\n',
  ]);
  t.is((await find(t, { study })).figures[0]?.state, 'same');
  t.is((await find(t, { study, endings: { names: { status: 1 } } })).figures[0]?.state, 'undecided');
});

test("lint knows the values of 'exits', and that a step's are for its script", async (t) => {
  await expectProblems(t, withExits('‹›sometimes'));
  await expectProblems(
    t,
    edit(listed, ['        origin: text\n', '        origin: text\n        exits: ‹is for its script›0\n']),
  );
});
