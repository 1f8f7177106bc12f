import test from 'ava';
import { capture, iputilsVersions } from '../observation/captures.ts';
import { copyOfOldRun, editOutput, replaceOutput, verdictOf, type Place } from '../support/evidence.ts';

/** Figure 6 is a negative: nothing may be received, while figures 4 and 5 show that each namespace works by itself. */
const isolated: Place = { experiment: 'no-veth', step: 'isolated', command: 'ip netns exec ns0 ping -c 4 10.1.1.2' };
const own: readonly Place[] = [
  { experiment: 'no-veth', step: 'local', command: 'ip netns exec ns0 ping -c 4 10.1.1.1' },
  { experiment: 'no-veth', step: 'local', command: 'ip netns exec ns1 ping -c 4 10.1.1.2' },
];

/** By every ping of the fixtures that prints so. */
const failedPings = [
  ...iputilsVersions.flatMap((version) => [
    `iputils-${version}/ping-silent.txt`,
    `iputils-${version}/ping-unreachable.txt`,
  ]),
  'iputils-20160308/lab-ping-silent.txt',
  'iputils-20160308/lab-ping-unreachable.txt',
  'busybox-1.35.0/ping-silent.txt',
];

for (const path of failedPings) {
  test(`isolation is upheld by ${path}`, async (t) => {
    const folder = await copyOfOldRun(t);
    await replaceOutput(folder, isolated, capture(path));
    const { state, deciders } = await verdictOf(folder, 'isolated');
    t.is(state, 'upheld');
    const line = capture(path)
      .split('\n')
      .findIndex((text) => text.includes('packets transmitted'));
    t.deepEqual(
      deciders.filter(({ observed }) => observed === 'isolated'),
      [{ observed: 'isolated', kind: 'capture', lines: [line + 1] }],
    );
  });
}

test('a single packet received refutes isolation', async (t) => {
  for (const version of iputilsVersions) {
    const folder = await copyOfOldRun(t);
    await replaceOutput(folder, isolated, capture(`iputils-${version}/ping-lossy.txt`));
    t.is((await verdictOf(folder, 'isolated')).state, 'refuted', version);
  }
});

test('isolation is undecided where a namespace does not answer itself', async (t) => {
  for (const place of own) {
    for (const failed of ['ping-silent', 'ping-unreachable']) {
      const folder = await copyOfOldRun(t);
      await replaceOutput(folder, place, capture(`iputils-20221126/${failed}.txt`));
      t.like(await verdictOf(folder, 'isolated'), { state: 'undecided', reason: { kind: 'given' } });
    }
    const folder = await copyOfOldRun(t);
    await replaceOutput(folder, place, capture('iputils-20221126/ping-network-unreachable.txt'));
    t.like(await verdictOf(folder, 'isolated'), { state: 'undecided', reason: { kind: 'unreadable' } });
  }
});

test('a ping that sent nothing shows no isolation', async (t) => {
  const folder = await copyOfOldRun(t);
  await editOutput(folder, isolated, (output) =>
    output.replace(/^\d+ packets transmitted, 0 received.*/m, '0 packets transmitted, 0 received, time 0ms'),
  );
  t.not((await verdictOf(folder, 'isolated')).state, 'upheld');
});
