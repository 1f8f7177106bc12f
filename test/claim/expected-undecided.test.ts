import test, { type ExecutionContext } from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { openRun } from '../../src/evidence/open.ts';
import { acceleratorNames } from '../../src/provider/qemu/accelerators.ts';
import { render } from '../report/rendering.ts';
import { smallRecord, smallRun, virtualGuest, type Printed } from '../support/saved-run.ts';
import { edit, problemsOf } from '../support/small-study.ts';

const study = `format: 2
id: small
title: What a packet costs
languages: [en, zh]
experiments:
  - id: first
    commands: [{ run: measure, capture: cost, parse: number }]
  - id: second
    commands: [{ run: count, capture: packets, parse: number }]
claims:
  - id: cheap
    statement: A packet is cheap
    undecided:
      when: { processor: [emulated, unknown] }
      because: { en: An emulator is no processor, zh: 仿真器不是处理器 }
    expect: cost.value < 5
  - { id: sent, statement: Two packets are sent, expect: packets.value == 2 }
`;
const asMeasured: Printed = { cost: '4\n', packets: '2\n' };

/** A run whose guest was run by this. */
function ranBy(t: ExecutionContext, provider: string, printed: Printed = asMeasured, of = study): Promise<string> {
  return smallRun(t, { study: of, printed, record: { guest: { ...virtualGuest(), provider } } });
}

async function verdictsOf(folder: string) {
  return findingsOf(await openRun(folder)).verdicts;
}

test('where the study expects it a claim is undecided whatever was measured, and the run is upheld', async (t) => {
  for (const cost of ['4\n', '9\n']) {
    const folder = await ranBy(t, 'v86 0.5.462', { ...asMeasured, cost });
    t.like(await verdictsOf(folder), [
      { state: 'undecided', reason: { kind: 'expected', because: { en: 'An emulator is no processor' } } },
      { state: 'upheld' },
    ]);
    const { summary, markdown } = await render(folder);
    t.is(summary.outcome, 'upheld');
    t.like(summary.claims, { upheld: 1, undecided: 1, asExpected: 1 });
    t.is(
      summary.headline,
      'Upheld: all 1 claims are upheld. Another claim is undecided, as the study expects of such a guest.',
    );
    t.regex(markdown, /❔ undecided<br>as the study expects of such a guest: An emulator is no processor/);
    t.regex((await render(folder, 'zh')).markdown, /符合研究对这类虚拟机的预期：仿真器不是处理器/);
  }
});

test('on any other guest the claim is judged as ever', async (t) => {
  for (const [cost, state] of [
    ['4\n', 'upheld'],
    ['9\n', 'refuted'],
  ] as const) {
    const folder = await ranBy(t, `QEMU 7.2, ${acceleratorNames.kvm}`, { ...asMeasured, cost });
    t.like(await verdictsOf(folder), [{ state, reason: null }, { state: 'upheld' }]);
    const { summary } = await render(folder);
    t.is(summary.outcome, state);
    t.is(summary.claims.asExpected, 0);
  }
});

test('what runs a processor is known of every guest of ours', async (t) => {
  const isExpected = async (provider: string): Promise<boolean> => {
    const [verdict] = await verdictsOf(await ranBy(t, provider));
    return verdict?.reason?.kind === 'expected';
  };
  for (const [accelerator, name] of Object.entries(acceleratorNames)) {
    t.is(await isExpected(`QEMU 7.2.22, ${name}`), accelerator === 'tcg', name);
  }
  t.true(await isExpected('v86 0.5.462+g5f9a90f'));
  t.true(await isExpected('a machine of the user'));
});

test('a claim that is undecided for another reason keeps that reason, and the run is undecided', async (t) => {
  for (const printed of [{ packets: '2\n' }, { ...asMeasured, cost: 'none\n' }]) {
    const folder = await ranBy(t, 'v86 0.5.462', printed);
    const [verdict] = await verdictsOf(folder);
    t.is(verdict?.state, 'undecided');
    t.not(verdict?.reason?.kind, 'expected');
    const { summary } = await render(folder);
    t.is(summary.outcome, 'undecided');
    t.regex(summary.headline, /^Undecided: 1 of 2 claims could not be decided, 1 are upheld\.$/);
  }
});

test('a refuted claim refutes the run, also beside one that is undecided as expected', async (t) => {
  const { summary } = await render(await ranBy(t, 'v86 0.5.462', { ...asMeasured, packets: '3\n' }));
  t.is(summary.outcome, 'refuted');
  t.is(
    summary.headline,
    'Not reproduced: 1 of 1 claims refuted, 0 upheld, 0 undecided. Another claim is undecided, as the study expects of such a guest.',
  );
});

test('a run of which all is undecided as expected says so', async (t) => {
  const all = edit(study, ['  - { id: sent, statement: Two packets are sent, expect: packets.value == 2 }\n', '']);
  const { summary } = await render(await ranBy(t, 'v86 0.5.462', asMeasured, all));
  t.is(summary.outcome, 'upheld');
  t.regex(summary.headline, /^As expected: on such a guest no claim can be decided, .* \(1\)\.$/);
});

test('a claim can name guests by their clock', async (t) => {
  const clocked = edit(study, ['{ processor: [emulated, unknown] }', '{ clock: real }']);
  const real = await smallRun(t, { study: clocked, printed: asMeasured, record: { guest: smallRecord.guest } });
  t.like(await verdictsOf(real), [{ state: 'undecided', reason: { kind: 'expected' } }]);
  t.like(await verdictsOf(await ranBy(t, 'v86 0.5.462', asMeasured, clocked)), [{ state: 'upheld' }]);
});

test('of the values of a parameter, one that is undecided for another reason is told first', async (t) => {
  const many = edit(
    study,
    ['  - id: first\n', '  - id: first\n    parameters: { size: [1, 2] }\n'],
    ['    statement: A packet is cheap\n', '    statement: A packet is cheap\n    for: size\n'],
  );
  const folder = await ranBy(t, 'v86 0.5.462', { 'cost.size-1': '4\n', packets: '2\n' }, many);
  const [verdict] = await verdictsOf(folder);
  t.like(verdict, { state: 'undecided', reason: { kind: 'missing' } });
  t.like(verdict?.cells, [{ reason: { kind: 'expected' } }, { reason: { kind: 'missing' } }]);
});

test('a guest that no study can mean is a mistake', async (t) => {
  const wrong = async (when: string): Promise<string> => {
    const problems = await problemsOf(t, edit(study, ['{ processor: [emulated, unknown] }', when]));
    return problems.map(({ message }) => message).join('\n');
  };
  t.regex(await wrong('{}'), /by 'processor', 'clock', or both/);
  t.regex(await wrong('{ processor: kvm }'), /emulated/);
  t.regex(await wrong('{ speed: slow }'), /speed/);
});
