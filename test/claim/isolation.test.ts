import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Verdict } from '../../src/claim/judge.ts';
import { packagePath } from '../../src/core/package.ts';
import { loadStudy } from '../../src/study/load.ts';
import { capture, iputilsVersions } from '../observation/captures.ts';
import { verdictOf } from '../support/evidence.ts';
import { saveRun, type Printed } from '../support/saved-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const own = capture('iputils-20221126/ping-own.txt');

/** As if ns0 had asked ns1's address, no less often than the study has it. */
function ofFour(text: string, received = 0): string {
  const loss = 100 - 25 * received;
  return text
    .replaceAll(/(PING |\(|--- |bytes from )10\.1\.1\.1\b/g, '$110.1.1.2')
    .replace(/^[0-3]( packets transmitted, [^%]*, )[\d.]+%/m, `4$1${loss}%`);
}

/**
 * Figure 6 of the study that ships is a negative: nothing may be received, while figures 4 and 5 show that each namespace
 * works by itself. The verdict when the pings printed this; each namespace answers itself unless it is said otherwise.
 */
async function isolation(t: ExecutionContext, printed: Printed): Promise<Verdict> {
  const shipped = await loadStudy(packagePath('experiments/veth-pair'));
  const folder = join(await temporaryFolder(t), 'run');
  saveRun(folder, shipped, {
    printed: { ns0_local: own, ns1_local: own.replaceAll('10.1.1.1', '10.1.1.2'), ...printed },
  });
  return verdictOf(folder, 'isolated');
}

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
    const { state, deciders } = await isolation(t, { isolated: ofFour(capture(path)) });
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
    const isolated = ofFour(capture(`iputils-${version}/ping-lossy.txt`), 1);
    t.is((await isolation(t, { isolated })).state, 'refuted', version);
  }
});

const unanswered = ofFour(capture('iputils-20221126/ping-unreachable.txt'));

test('isolation is undecided where a namespace does not answer itself', async (t) => {
  for (const local of ['ns0_local', 'ns1_local']) {
    for (const failed of ['ping-silent', 'ping-unreachable']) {
      const verdict = await isolation(t, { isolated: unanswered, [local]: capture(`iputils-20221126/${failed}.txt`) });
      t.like(verdict, { state: 'undecided', reason: { kind: 'given' } });
    }
    const unreadable = capture('iputils-20221126/ping-network-unreachable.txt');
    const verdict = await isolation(t, { isolated: unanswered, [local]: unreadable });
    t.like(verdict, { state: 'undecided', reason: { kind: 'unreadable' } });
  }
});

test('a ping that sent nothing shows no isolation', async (t) => {
  const nothing = unanswered.replace(
    /^\d+ packets transmitted, 0 received.*/m,
    '0 packets transmitted, 0 received, time 0ms',
  );
  t.not(nothing, unanswered);
  t.not((await isolation(t, { isolated: nothing })).state, 'upheld');
});

test('a ping of another address, and one that asked less often than the study does, show no isolation', async (t) => {
  for (const isolated of [
    unanswered.replaceAll(/(PING |\(|--- )10\.1\.1\.2/g, '$110.1.1.9'),
    unanswered.replace('4 packets transmitted', '3 packets transmitted'),
  ]) {
    t.not(isolated, unanswered);
    t.is((await isolation(t, { isolated })).state, 'refuted');
  }
});
