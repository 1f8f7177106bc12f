import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { translator } from '../../src/report/language.ts';
import { layout } from '../../src/evidence/layout.ts';
import { describeVerdict } from '../../src/report/describe-verdict.ts';
import { copyOfOldRun, editOutput, editStudy, oldRun, replaceOutput, type Place } from '../support/evidence.ts';
import { cellsOf, nodesOf, parseMarkdown, sectionOf } from './markdown-tree.ts';
import { render, type Rendered } from './rendering.ts';

const isolated: Place = { experiment: 'no-veth', step: 'isolated', command: 'ip netns exec ns0 ping -c 4 10.1.1.2' };
const ns0Local: Place = { experiment: 'no-veth', step: 'local', command: 'ip netns exec ns0 ping -c 4 10.1.1.1' };

/** Of the old run, with a ping that got one answer. */
async function refutedRun(t: Parameters<typeof copyOfOldRun>[0]): Promise<string> {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, isolated, (output) =>
    output
      .replace(
        'From 10.1.1.1 icmp_seq=4 Destination Host Unreachable',
        '64 bytes from 10.1.1.2: icmp_seq=4 ttl=64 time=1.00 ms',
      )
      .replace('0 received, +4 errors, 100%', '1 received, +3 errors, 75%')
      .replace(/pipe 4\n/, 'rtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms\n'),
  );
  return folder;
}

async function linesOf(folder: string, claim: string, language: 'en' | 'zh' = 'en'): Promise<string[]> {
  const evidence = await openRun(folder);
  const verdict = findingsOf(evidence).verdicts.find((one) => one.claim === claim);
  const stated = evidence.loaded.index.claims.get(claim);
  if (verdict === undefined || stated === undefined) throw new Error(`there is no claim '${claim}'`);
  return describeVerdict(verdict, stated, language, translator(language));
}

const expression = [
  '  Presupposed: ns0_local.received > 0 && ns1_local.received > 0',
  '  Expected: isolated.transmitted > 0 && isolated.received == 0',
];

test('a refuted claim is told with its expression and with what that read', async (t) => {
  const [title, ...lines] = await linesOf(await refutedRun(t), 'isolated');
  t.regex(title ?? '', /^isolated: refuted: The namespaces are isolated/);
  t.deepEqual(lines, [
    ...expression,
    '    ns0_local.received = 4',
    '    ns1_local.received = 4',
    '    isolated.transmitted = 4',
    '    isolated.received = 1',
  ]);
});

test('an undecided claim is told with the reason, too', async (t) => {
  const folder = await copyOfOldRun(t);
  await replaceOutput(folder, ns0Local, 'ping: nosuchhost: Name or service not known\n');
  const [title, ...lines] = await linesOf(folder, 'isolated');
  t.regex(title ?? '', /^isolated: undecided: /);
  const reason = "  the capture 'ns0_local' cannot be read: 'ping: nosuchhost: Name or service not known'";
  t.deepEqual(lines, [reason, ...expression]);
  t.regex((await linesOf(folder, 'isolated', 'zh'))[0] ?? '', /^isolated：未定：/);
});

/** The cells of the claims' table, one row for each claim. */
function claimCells({ markdown }: Rendered): string[][] {
  const [table] = nodesOf(sectionOf(parseMarkdown(markdown), 'Claims'), 'table');
  return table === undefined ? [] : cellsOf(table).slice(1);
}

test('in the table of claims, those that are not upheld have their expression and its values', async (t) => {
  const rows = claimCells(await render(await refutedRun(t)));
  const refuted = rows.filter(([, verdict]) => verdict?.startsWith('❌'));
  t.is(refuted.length, 1);
  t.regex(
    refuted[0]?.[0] ?? '',
    /Expected: isolated\.transmitted > 0 && isolated\.received == 0.*isolated\.received = 1/,
  );
  for (const [claim] of rows.filter(([, verdict]) => verdict?.startsWith('✅'))) t.notRegex(claim ?? '', /Expected: /);
});

test('on the page every claim has them, open where it is not upheld', async (t) => {
  const page = (await render(await refutedRun(t))).files.get(layout.page('en')) ?? '';
  t.is(page.match(/<details class="working">/g)?.length, 10);
  t.is(page.match(/<details class="working" open>/g)?.length, 1);
  t.true(page.includes('<code>isolated.received = 1</code>'));
  t.true(page.includes('<code>isolated.transmitted &gt; 0 &amp;&amp; isolated.received == 0</code>'));
});

test('what a command printed is no markup among the values', async (t) => {
  const folder = await copyOfOldRun(t);
  const place: Place = { experiment: 'veth', step: 'routes', command: 'ip netns exec ns0 ip route' };
  await replaceOutput(folder, place, 'default dev <b>`|*x*|`</b> \n');
  await editStudy(
    folder,
    'ns0_routes_before.routes.exists(',
    '!ns0_routes_before.routes.exists(q, q.device != "") && $&',
  );
  const rendered = await render(folder);
  const [claim] = claimCells(rendered).find(([, verdict]) => verdict?.startsWith('❌')) ?? [];
  t.true(claim?.includes('ns0_routes_before.routes[0].device = "<b>`|*x*|`</b>"'), claim);
  t.false((rendered.files.get(layout.page('en')) ?? '').includes('<b>`|'));
});

test('the summary names the claims that are not upheld, and none that were not examined', async (t) => {
  const { summary } = await render(await refutedRun(t));
  t.deepEqual(
    summary.notUpheld.map(({ claim, state }) => [claim, state]),
    [['isolated', 'refuted']],
  );
  t.deepEqual((await render(oldRun)).summary.notUpheld, []);
});
