import test from 'ava';
import { layout } from '../../src/evidence/layout.ts';
import { copyOfOldRun, editOutput, oldRun, type Place } from '../support/evidence.ts';
import { render } from './rendering.ts';

const routes: Place = { experiment: 'veth', step: 'routes', command: 'ip netns exec ns0 ip route' };
const several = '10.50.0.0/16 \n\tnexthop via 10.1.1.2 dev veth0 weight 1 \n';

test('a report names the line of a capture that is not read, below the step that printed it', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, routes, (output) => `${output}${several}`);
  const { markdown, files } = await render(folder);
  t.regex(
    markdown,
    /^Not read of this step: a line of `ns0_routes_before` is not read: `line 2: leads over several next hops: 10\.50\.0\.0\/16`\.$/m,
  );
  t.regex(
    files.get(layout.page('en')) ?? '',
    /<p class="note warning">Not read of this step: a line of <code>ns0_routes/,
  );
  t.regex((await render(folder, 'zh')).markdown, /^这一步未读取的内容：/m);
});

test('a report names a capture that is not read at all', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, routes, (output) => `[{"dst":"default"}]\n${output}`);
  const { markdown } = await render(folder);
  t.regex(markdown, /^Not read of this step: the capture `ns0_routes_before` cannot be read: `is JSON/m);
});

test('a report in which all is read says nothing of it', async (t) => {
  t.notRegex((await render(oldRun)).markdown, /Not read of this step/);
});
