import test from 'ava';
import { copyOfOldRun, editRecord, oldRun } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit, smallStudy } from '../support/small-study.ts';
import { refigure } from './cli.ts';

// One process after another: each is a Node of its own, and machines have few cores.

interface Explained {
  readonly state: string;
  readonly reason: { readonly kind: string } | null;
  readonly expect: { readonly terms: readonly { readonly text: string; readonly value: boolean | null }[] };
  readonly sources: readonly {
    readonly name: string;
    readonly lines: readonly { readonly line: number; readonly text: string; readonly decides: boolean }[];
  }[];
}

async function explained(claim: string, folder: string): Promise<Explained> {
  const { stdout } = await refigure(['explain', claim, folder, '--json']);
  return JSON.parse(stdout) as Explained;
}

test.serial(
  'explain goes from what the paper says to the line that decides, and to the command that printed it',
  async (t) => {
    const { status, stdout, stderr } = await refigure(['explain', 'isolated', oldRun]);
    t.deepEqual([status, stderr], [0, '']);
    const order = [
      'isolated: The namespaces are isolated; ',
      'The paper: “可以看出没有任何ICMP回复包” (2.1)',
      'Presupposed: ',
      '✓ ns0_local.received > 0',
      'Expected: ',
      '✓ isolated.received == 0',
      'isolated.received = 0',
      'The capture isolated, of the step isolated in the experiment no-veth:',
      '$ ip netns exec ns0 ping -c 4 10.1.1.2',
      'The command ended with status 1.',
      'captures/isolated.txt:8: 4 packets transmitted, 0 received, +4 errors, 100% packet loss',
      'Verdict: upheld',
    ];
    let at = 0;
    for (const text of order) {
      const found = stdout.indexOf(text, at);
      t.true(found >= at, text);
      at = found;
    }
    const chinese = await refigure(['explain', 'isolated', oldRun, '--lang', 'zh']);
    t.regex(chinese.stdout, /^isolated：两个命名空间[^]*\n判定：成立\n$/);
  },
);

test.serial('of a refuted claim it tells which term does not hold, and what those behind it give', async (t) => {
  const study = edit(smallStudy, [
    'names.namespaces.exists(n, n.name == "a")',
    'names.exitStatus == 0 && names.namespaces.size() == 2 && names.namespaces.exists(n, n.name == "a")',
  ]);
  const { state, expect } = await explained('made', await smallRun(t, { study }));
  t.is(state, 'refuted');
  t.deepEqual(
    expect.terms.map(({ text, value }) => [text, value]),
    [
      ['names.exitStatus == 0', true],
      ['names.namespaces.size() == 2', false],
      ['names.namespaces.exists(n, n.name == "a")', true],
    ],
  );
});

test.serial('of an undecided claim it tells the reason, and the status is 0 all the same', async (t) => {
  const folder = await copyOfOldRun(t);
  await editRecord(folder, ({ study }) => {
    study.experiments = ['no-veth'];
  });
  const { status, stdout } = await refigure(['explain', 'connected', folder]);
  t.is(status, 0);
  t.regex(stdout, /^ {2}\? .*: the experiment 'veth' was not asked for$/m);
  t.regex(stdout, /\nVerdict: skipped: the experiment 'veth' was not asked for\n$/);
});

test.serial('a capture that lacks is told, and a topology has no lines', async (t) => {
  const lacking = await smallRun(t, { printed: { names: 'a\n' } });
  const { stdout } = await refigure(['explain', 'kept', lacking]);
  t.regex(stdout, /The capture again, [^\n]*\n {2}Its command did not run\.\n/);
  const { sources, state } = await explained('joined', oldRun);
  t.is(state, 'upheld');
  t.deepEqual(sources, [
    {
      kind: 'topology',
      name: 'joined',
      file: 'journal/veth.journal',
      experiment: 'veth',
      step: 'create',
      command: null,
      lines: [],
      moreLines: 0,
    },
  ] as unknown as Explained['sources']);
});

test.serial('of many lines that decide the first are shown, with those around them', async (t) => {
  const names = Array.from({ length: 40 }, (_, number) => `n${number}`);
  const folder = await smallRun(t, { printed: { names: `${names.join('\n')}\n`, again: 'a\n' } });
  const { sources } = await explained('made', folder);
  t.deepEqual(
    sources[0]?.lines.map(({ line, decides }) => [line, decides]),
    [...Array.from({ length: 10 }, (_, index) => [index + 1, true]), [11, true]],
  );
  t.regex(
    (await refigure(['explain', 'made', folder])).stdout,
    /\n {2}captures\/names\.txt:11: n10\n {2}and 29 more\n/,
  );
});

test.serial(
  'a claim that the study has not is refused, with the one that was meant and with all of them',
  async (t) => {
    const { status, stdout, stderr } = await refigure(['explain', 'mode', await smallRun(t)]);
    t.deepEqual([status, stdout], [2, '']);
    t.regex(stderr, /^The study of .* has no claim 'mode' \(did you mean 'made'\?\)\.\nIts claims: made, kept\.\n$/);
  },
);

test.serial('nothing that the guest printed acts on the terminal', async (t) => {
  const evil = 'a\u001b[2J\u009b2J\u202e\u007f\rz';
  const study = edit(
    smallStudy,
    ['capture: names, parse: namespaces', 'capture: names'],
    ['names.namespaces.exists(n, n.name == "a")', 'names.lines.exists(l, l.startsWith("a"))'],
  );
  const folder = await smallRun(t, { study, printed: { names: `${evil}\n`, again: 'a\n' } });
  const { stdout } = await refigure(['explain', 'made', folder]);
  t.regex(stdout, /captures\/names\.txt:1: a \[2J 2J<U\+202E> {2}z\n/);
  const json = await refigure(['explain', 'made', folder, '--json']);
  for (const text of [stdout, json.stdout]) t.notRegex(text, /(?!\n)[\u0000-\u001f\u007f-\u009f\u202e]/);
  t.is((JSON.parse(json.stdout) as Explained).sources[0]?.lines[0]?.text, evil);
});
