import test from 'ava';
import { mutantsOf } from '../../../src/audit/mutation/operators.ts';
import { observe, type Observation } from '../../../src/observation/observe.ts';
import type { PingObservation } from '../../../src/observation/types.ts';
import { allCaptures } from '../../observation/captures.ts';

const captures = allCaptures().filter(({ parser, text }) => observe(parser, text).state === 'read');

function pingOf(text: string): PingObservation | null {
  const reading = observe('ping', text);
  return reading.state === 'read' && isPing(reading.observation) ? reading.observation : null;
}

function isPing(observation: Observation): observation is PingObservation {
  return observation.kind === 'ping';
}

test('each mutant of a real capture differs from it, and no reader throws', (t) => {
  let count = 0;
  for (const { path, parser, text } of captures.filter((each) => each.text.length < 4096)) {
    const last = text.split('\n').length;
    const mutants = mutantsOf(parser, text, []);
    const isElsewhere = (line: number): boolean => line < 1 || line > last;
    t.deepEqual(
      mutants.filter(({ lines, output }) => output() === text || lines.some(isElsewhere)),
      [],
      path,
    );
    for (const { output } of mutants) observe(parser, output());
    count += mutants.length;
  }
  t.true(count > 5000);
});

/** What no ping prints. */
const contradictions = [
  'a sequence number that was not sent',
  'a reply that is missing',
  'a loss that is not that of the counts',
  'times that are not within those of the statistics',
];

/** What a ping of another network prints: what is read of it, compared with what was. */
const others: Readonly<Record<string, (read: PingObservation, before: PingObservation) => boolean>> = {
  'a packet is lost': (read, before) => read.received === before.received - 1,
  'no packet is answered': ({ received, rtt }) => received === 0 && rtt === null,
  'a packet is answered': ({ received, replies }) => received === 1 && replies.length === 1,
  'one packet is sent': ({ transmitted }) => transmitted === 1,
  'another address is asked': (read, before) => read.address !== before.address,
};

test('of a ping a contradiction cannot be read, and another network can', (t) => {
  const tried = new Map<string, number>();
  for (const { path, text } of captures.filter(({ parser }) => parser === 'ping')) {
    const before = pingOf(text);
    // Duplicates, a flood, and names in place of addresses have rules of their own.
    const isPlain =
      before?.duplicates === 0 && before.replies.length === before.received && before.remarks.length === 0;
    if (before === null || !isPlain || before.failures.length !== before.errors) continue;
    for (const { operator, output } of mutantsOf('ping', text, [])) {
      const read = pingOf(output());
      // A ping of which no reply is printed is one with -q.
      const isQuiet = operator === 'a reply that is missing' && before.replies.length === 1;
      if (contradictions.includes(operator) && !isQuiet) t.is(read, null, `${path}: ${operator}`);
      const asExpected = others[operator];
      if (asExpected !== undefined)
        t.true(read !== null && asExpected(read, before), `${path}: ${operator}\n${output()}`);
      tried.set(operator, (tried.get(operator) ?? 0) + 1);
    }
  }
  for (const operator of [...contradictions, ...Object.keys(others)]) t.true((tried.get(operator) ?? 0) > 2, operator);
});

test('what nothing reads is changed by its numbers, words, addresses and lines', (t) => {
  const outputs = (text: string): string[] => mutantsOf(null, text, []).map(({ output }) => output());
  const made = outputs('ok: true from 10.0.0.1 in 2.5 s\n');
  for (const text of [
    '',
    'not ok: true from 10.0.0.1 in 2.5 s\n',
    'ok: false from 10.0.0.1 in 2.5 s\n',
    'ok: true from 10.0.0.9 in 2.5 s\n',
    'ok: true from 10.0.0.1 in 2500 s\n',
    'ok: true from 10.0.0.1 in 0 s\n',
    'ok: true from 10.0.0.1 in 2.5 s\nok: true from 10.0.0.1 in 2.5 s\n',
  ]) {
    t.true(made.includes(text), JSON.stringify(text));
  }
  t.true(outputs('not ok 1 - it works\n').includes('ok 1 - it works\n'));
});

test('a long capture has no more mutants than can be judged, the deciding line among them', (t) => {
  const text = 'a line with 1 number\n'.repeat(100_000);
  const mutants = mutantsOf(null, text, [77_777]);
  t.true(mutants.length > 20 && mutants.length < 100);
  const many = mutantsOf('routes', '10.0.0.0/8 dev a \n'.repeat(1000), [777]);
  t.true(many.length <= 1000);
  t.true(many.some(({ lines }) => lines.includes(777)));
});
