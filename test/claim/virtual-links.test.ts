import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun, type Evidence } from '../../src/evidence/open.ts';
import { acceleratorNames } from '../../src/provider/qemu/accelerators.ts';

const reference = packagePath('reports/virtual-links/reference');
const bySpeed = ['pair-fastest', 'macvlan-over-bridge', 'ipvlan-over-bridge'] as const;

/** The run that ships, as if it were one under KVM, in which the transfers by each link received at these rates (Mbit/s). */
async function underKvm(rates: Readonly<Record<string, number>>): Promise<Evidence> {
  const evidence = await openRun(reference);
  const { record } = evidence;
  if (record.guest === null) throw new Error('the run that ships has a guest');
  const guest = { ...record.guest, provider: `QEMU 7.2, ${acceleratorNames.kvm}`, clock: { kind: 'real' } as const };
  const captures = new Map(evidence.captures);
  for (const [name, capture] of evidence.captures) {
    const rate = rates[/^transfer\.link-(\w+)\.\d$/.exec(name)?.[1] ?? ''];
    if (rate === undefined || capture.command === null) continue;
    const { command } = capture;
    const printed = JSON.parse(command.output.toString()) as { end: { sum_received: { bits_per_second: number } } };
    printed.end.sum_received.bits_per_second = rate * 1e6;
    captures.set(name, { ...capture, command: { ...command, output: Buffer.from(JSON.stringify(printed)) } });
  }
  return { ...evidence, captures, record: { ...record, guest } };
}

function verdictsOf(evidence: Evidence): Readonly<Record<string, string>> {
  const { verdicts } = findingsOf(evidence);
  return Object.fromEntries(verdicts.map(({ claim, state, reason }) => [claim, reason?.kind ?? state]));
}

test('in an emulator instructions are decided, and speed is not, as the study expects', async (t) => {
  const found = verdictsOf(await openRun(reference));
  for (const claim of ['pair-least', 'bridge-most', 'bridge-extra']) t.is(found[claim], 'upheld');
  for (const claim of bySpeed) t.is(found[claim], 'expected');
});

test('under KVM speed is decided, and instructions are not', async (t) => {
  const found = verdictsOf(await underKvm({ veth: 40_000, macvlan: 30_000, ipvlan: 30_000, bridge: 20_000 }));
  for (const claim of ['pair-least', 'bridge-most', 'bridge-extra']) t.is(found[claim], 'expected');
  for (const claim of bySpeed) t.is(found[claim], 'upheld');
});

test('a bridge that is the fastest under KVM refutes each claim on speed', async (t) => {
  const found = verdictsOf(await underKvm({ veth: 40_000, macvlan: 30_000, ipvlan: 30_000, bridge: 50_000 }));
  for (const claim of bySpeed) t.is(found[claim], 'refuted');
});

test('pings that a bridge answers as a pair did, and the other way round, refute each claim on instructions', async (t) => {
  const evidence = await openRun(reference);
  const captures = new Map(evidence.captures);
  const other: Readonly<Record<string, string>> = { veth: 'bridge', bridge: 'veth' };
  for (const [name, capture] of evidence.captures) {
    const [, link = '', repeat = ''] = /^probe\.link-(\w+)\.(\d)$/.exec(name) ?? [];
    const printed = evidence.captures.get(`probe.link-${other[link] ?? ''}.${repeat}`)?.command?.output;
    if (printed === undefined || capture.command === null) continue;
    captures.set(name, { ...capture, command: { ...capture.command, output: printed } });
  }
  const found = verdictsOf({ ...evidence, captures });
  for (const claim of ['pair-least', 'bridge-most', 'bridge-extra']) t.is(found[claim], 'refuted');
});
