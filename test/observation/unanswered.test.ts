import test from 'ava';
import { parsePing } from '../../src/observation/ping.ts';
import { isUnanswered, saysUnreachable } from '../../src/observation/unanswered.ts';
import type { PingObservation } from '../../src/observation/types.ts';
import { capture } from './captures.ts';

function read(path: string): PingObservation {
  const reading = parsePing(capture(path));
  if (reading.state !== 'read') throw new Error(reading.reason);
  return reading.observation;
}

for (const [path, unanswered, unreachable] of [
  ['iputils-20160308/ping-unreachable.txt', true, true],
  ['iputils-20221126/lab-ping-unreachable.txt', true, true],
  ['iputils-20221126/ping-silent.txt', true, false],
  ['iputils-20221126/ping-ttl-exceeded.txt', true, false],
  ['iputils-20221126/ping-lossy.txt', false, false],
  ['iputils-20221126/ping-own.txt', false, false],
  ['busybox-1.35.0/ping-unreachable.txt', true, false],
] as const) {
  const answer = unanswered ? (unreachable ? 'unanswered, and says why' : 'unanswered, and does not say') : 'answered';
  test(`${path} is ${answer}`, (t) => {
    const ping = read(path);
    t.deepEqual([isUnanswered(ping), saysUnreachable(ping)], [unanswered, unreachable]);
  });
}

test('a ping that was answered in part is not unreachable, whatever it says besides', (t) => {
  const ping = read('iputils-20160308/ping-unreachable.txt');
  t.false(saysUnreachable({ ...ping, received: 1 }));
  const [failure] = ping.failures;
  if (failure === undefined) return t.fail();
  t.false(saysUnreachable({ ...ping, failures: [failure, { ...failure, reason: 'Time to live exceeded' }] }));
});
