import test, { type ExecutionContext } from 'ava';
import { edit, problemsOf } from '../support/small-study.ts';

const study = `format: 2
id: small
title: Commands
experiments:
  - id: first
    background:
      - { run: 'sleep 60', name: sleeper, ready: { succeeds: 'test -d /tmp' } }
    commands:
      - echo one # a comment of YAML
      - { run: 'echo two', capture: two }
      - 'for i in 1 2; do echo $i; done'
      - |
        cat <<END
        three
        END
claims:
  - { id: two, statement: It is printed, expect: two.lines.size() == 1 }
`;

async function told(t: ExecutionContext, from: string, to: string): Promise<string[]> {
  return (await problemsOf(t, edit(study, [from, to]))).map(({ line, message }) => `${line}: ${message}`);
}

test('commands that a shell takes have no problem', async (t) => {
  t.deepEqual(await problemsOf(t, study), []);
});

test('a command that no shell takes is told, wherever it stands', async (t) => {
  for (const [line, from, to] of [
    [7, "'sleep 60'", `'sleep "60'`],
    [7, "'test -d /tmp'", "'test -d /tmp && ('"],
    [10, "'echo two'", `'echo "two'`],
    [11, "'for i in 1 2; do echo $i; done'", "'for i in 1 2; do echo $i'"],
  ] as const) {
    const found = await told(t, from, to);
    t.is(found.length, 1, to);
    t.regex(found[0] ?? '', new RegExp(`^${line}: no shell takes this command: `));
    t.notRegex(found[0] ?? '', /quote the whole text/);
  }
});

test('a command that a comment of YAML cuts short is told to be quoted', async (t) => {
  for (const cut of ['- echo "one # two"', '- run: echo "one # two"']) {
    const found = await told(t, '- echo one # a comment of YAML', cut);
    t.is(found.length, 1);
    t.regex(found[0] ?? '', /^9: no shell takes this command: .*' #': quote the whole text$/);
  }
});
