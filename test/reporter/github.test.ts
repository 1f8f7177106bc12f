import { join } from 'node:path';
import test from 'ava';
import type { RunEvent } from '../../src/run/events.ts';
import { makeReporters } from '../../src/reporter/reporters.ts';
import { collectedContext, told, wholeRun } from './recorded-events.ts';

async function lines(
  events: readonly RunEvent[],
  environment: Record<string, string> = {},
  also: readonly 'plain'[] = [],
): Promise<string[]> {
  const context = collectedContext(environment);
  const reporters = await makeReporters(['github', ...also], context);
  for (const event of told(...events)) reporters.hear(event);
  await reporters.close();
  return context.stdout.text.trimEnd().split('\n');
}

test('each experiment is a group, within which GitHub takes no commands; the result is an annotation', async (t) => {
  const [group, stop = '', resume, end, ...rest] = await lines(wholeRun);
  t.is(group, '::group::1 The first');
  const token = /^::stop-commands::([0-9a-f-]{36})$/.exec(stop)?.[1];
  t.truthy(token);
  t.is(resume, `::${String(token)}::`);
  t.is(end, '::endgroup::');
  t.deepEqual(rest, [
    '::error title=Refigure%3A small::✗ make it  failed unexpectedly with status 1: no',
    '::error title=Refigure%3A small::Not reproduced: 50%25 of it, 1: 2.',
  ]);
});

test('what a command prints stands between the stop and the end of it, whatever it looks like', async (t) => {
  const all = await lines(wholeRun, {}, ['plain']);
  const [stop, forged, resume] = [/^::stop-commands::/, /::error::not ours/, /^::[0-9a-f-]{36}::$/].map((pattern) =>
    all.findIndex((line) => pattern.test(line)),
  );
  t.true(Number(stop) >= 0 && Number(stop) < Number(forged) && Number(forged) < Number(resume));
  t.is(all[Number(stop) + 1], '1 The first', 'a group begins before its lines');
});

test('a study that is wrong is annotated place by place, with its file from the top of the checkout', async (t) => {
  const top = join(process.cwd(), 'checkout');
  const failure = {
    name: 'StudyError',
    message: 'not told',
    hint: 'not told',
    exitStatus: 2,
    problems: [
      { file: join(top, 'a,b', 'study.yaml'), line: 3, column: 7, message: "there is no 'x'\nor: y" },
      { file: join(top, 'c.yaml'), line: 1, column: 1, message: '100%\r' },
    ],
  };
  t.deepEqual(await lines([{ kind: 'exit', status: 2, failure }], { GITHUB_WORKSPACE: top }), [
    "::error title=Refigure,file=a%2Cb/study.yaml,line=3,col=7::there is no 'x'%0Aor: y",
    '::error title=Refigure,file=c.yaml,line=1,col=1::100%25%0D',
  ]);
});

test('any other failure is annotated with its hint; a partial run only with that', async (t) => {
  const failure = { name: 'GuestError', message: 'It went away.', hint: 'Run again.', exitStatus: 69, problems: [] };
  const partial = wholeRun.flatMap((event): RunEvent[] =>
    event.kind === 'report-end' ? [{ ...event, state: 'partial' }] : event.kind === 'exit' ? [] : [event],
  );
  const annotations = (await lines([...partial, { kind: 'exit', status: 69, failure }])).slice(5);
  t.deepEqual(annotations, ['::error title=GuestError::It went away.%0ARun again.']);
});
