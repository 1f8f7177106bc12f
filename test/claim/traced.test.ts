import test from 'ava';
import { Trace, traced } from '../../src/claim/traced.ts';
import { typesOf } from '../../src/claim/types.ts';

const types = typesOf(new Map());

const ping = {
  kind: 'ping',
  line: 9,
  received: 2,
  rtt: { minMs: 1, avgMs: 2, maxMs: 3, mdevMs: 0.5 },
  replies: [
    { line: 4, from: '10.1.1.2', sequence: 1 },
    { line: 2, from: '10.1.1.2', sequence: 2 },
  ],
};

test('what has no line of its own stands in that of what it is a part of', (t) => {
  const trace = new Trace();
  const seen = traced('pinged', ping, { type: 'Ping', types, trace }) as typeof ping;
  t.is(seen.rtt.avgMs, 2);
  t.deepEqual(trace.entries(), [{ variable: 'pinged', last: [9], all: [9] }]);
});

test('the last look is the last one, and all looks are in the order of lines, each once', (t) => {
  const trace = new Trace();
  const { replies } = traced('pinged', { ...ping, line: null }, { type: 'Ping', types, trace }) as typeof ping;
  t.deepEqual(
    replies.map(({ sequence }) => sequence),
    [1n, 2n] as unknown[],
  );
  t.is(replies[0]?.from, '10.1.1.2');
  t.deepEqual(trace.entries(), [{ variable: 'pinged', last: [4], all: [2, 4] }]);
});

test('a variable that was looked at and has no lines is named', (t) => {
  const trace = new Trace();
  t.is(
    (traced('net', { namespaces: [] }, { type: 'Topology', types, trace }) as { namespaces: unknown[] }).namespaces
      .length,
    0,
  );
  t.deepEqual(trace.entries(), [{ variable: 'net', last: [], all: [] }]);
});
