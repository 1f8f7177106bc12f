import test from 'ava';
import { judging, type Verdict } from '../../src/claim/judge.ts';
import { observeRun } from '../../src/claim/observations.ts';
import { Court } from '../../src/claim/scope.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun, type Evidence } from '../../src/evidence/open.ts';

// Each claim of these studies could have come out otherwise: it is refuted where a command had printed something else.

type Edit = (output: string, evidence: Evidence) => string;

/** What iperf3 says of a rate, in bit/s. */
const rate =
  (bitsPerSecond: number): Edit =>
  (output) =>
    output.replaceAll(/("bits_per_second":\s*)[\d.e+]+/g, (_, key: string) => `${key}${bitsPerSecond}`);

/** Ten milliseconds more for each reply of a ping whose times are between 40 and 50 ms. */
const later: Edit = (output) => output.replaceAll('time=4', 'time=5').replace(/= 4(\S+?)\/4(\S+?)\/4/, '= 5$1/5$2/5');

const another =
  (capture: string): Edit =>
  (_, evidence) =>
    outputOf(evidence, capture);

const mutations: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Edit>>>>>> = {
  bbr: {
    limit: { 'alone.algorithm-bbr.loss-1': rate(2e6) },
    fall: { 'alone.algorithm-cubic.loss-15': rate(1e6) },
    'inverse-square': { 'alone.algorithm-cubic.loss-0.05': rate(2e6) },
    'not-a-signal': { 'alone.algorithm-cubic.loss-5': rate(3e6) },
    'peak-gain': { 'alone.algorithm-bbr.loss-30': rate(2.5e6) },
    deep: { 'own.buffer-8.flow-cubic': rate(0.5e6), 'other.buffer-8.flow-cubic': rate(1.4e6) },
    shallow: { 'own.buffer-0.5.flow-bbr': rate(0.9e6), 'other.buffer-0.5.flow-bbr': rate(0.95e6) },
  },
  queues: {
    isolation: { 'probe.queue-fq_codel': later },
    bufferbloat: { 'probe.queue-fq_codel': later },
    'same-throughput': { 'load.queue-pie': rate(3.3e6) },
    order: { 'probe.queue-cake': later },
    'by-flow': { 'one.queue-fq_codel': rate(0.45e6), 'four.queue-fq_codel': rate(0.48e6) },
    'by-host': { 'one.queue-cake-by-host': rate(0.2e6), 'four.queue-cake-by-host': rate(0.72e6) },
    'short-target': { 'pings.rate-4000.target-5': another('pings.rate-500.target-2') },
  },
};

for (const [study, claims] of Object.entries(mutations)) {
  test(`${study}: each claim is refuted by some other output of its commands`, async (t) => {
    const evidence = await openRun(packagePath(`reports/${study}/reference`));
    t.deepEqual(Object.keys(claims), [...evidence.loaded.index.claims.keys()]);
    for (const [claim, edits] of Object.entries(claims)) {
      t.is(verdictOn(evidence, claim)?.state, 'upheld', claim);
      let changed = evidence;
      for (const [name, edit] of Object.entries(edits)) changed = withOutput(changed, name, edit);
      t.is(verdictOn(changed, claim)?.state, 'refuted', claim);
    }
  });
}

function verdictOn(evidence: Evidence, claim: string): Verdict | undefined {
  const court = new Court(evidence.loaded.written, observeRun(evidence, []));
  const verdicts = [...judging(evidence.loaded, court, { skipped: new Map(), failuresBefore: new Map() })];
  return verdicts.find((one) => one.claim === claim);
}

function outputOf(evidence: Evidence, name: string): string {
  const found = evidence.captures.get(name);
  if (!found?.command) throw new Error(`there is no capture '${name}'`);
  return found.command.output.toString();
}

function withOutput(evidence: Evidence, name: string, edit: Edit): Evidence {
  const found = evidence.captures.get(name);
  if (!found?.command) throw new Error(`there is no capture '${name}'`);
  const command = { ...found.command, output: Buffer.from(edit(outputOf(evidence, name), evidence)) };
  return { ...evidence, captures: new Map(evidence.captures).set(name, { ...found, command }) };
}
