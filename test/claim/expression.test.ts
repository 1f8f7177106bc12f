import test from 'ava';
import {
  checkExpression,
  evaluateExpression,
  variablesIn,
  type Evaluation,
  type Variables,
} from '../../src/claim/expression.ts';
import { observe } from '../../src/observation/observe.ts';
import { capture } from '../observation/captures.ts';

const variables: Variables = new Map([
  ['ping', 'ping'],
  ['links', 'links'],
  ['routes', 'routes'],
  ['net', 'topology'],
] as const);

const read = (parser: Parameters<typeof observe>[0], path: string): unknown => {
  const reading = observe(parser, capture(path));
  if (reading.state !== 'read') throw new Error(reading.reason);
  return reading.observation;
};

/** Four answered pings, an `ip a`, and an `ip route`, all as real programs printed them; and a drawn-up topology. */
const values = new Map<string, unknown>([
  ['ping', read('ping', 'iputils-20221126/ping-own.txt')],
  ['links', read('links', 'iproute2-6.1.0/address-veth.txt')],
  ['routes', read('routes', 'iproute2-6.1.0/ns0-route.txt')],
  ['net', { namespaces: [{ name: null, devices: [], routes: [] }], pairs: [] }],
]);

function evaluate(expression: string): Evaluation {
  return evaluateExpression(expression, variables, values);
}

function valueOf(expression: string): boolean | string {
  const result = evaluate(expression);
  if (result.state === 'unread') return `${result.variable} is not read`;
  return result.state === 'value' ? result.value : result.reason;
}

test('an expression over captures and topologies passes', (t) => {
  for (const expression of [
    'ping.transmitted > 0 && ping.received == ping.transmitted',
    'ping.lossPercent < 0.5',
    'ping.rtt.avgMs < 100.0',
    'links.links.exists(l, l.name == "lo" && l.addresses.exists(a, a.prefixLength == 8))',
    'routes.routes.all(r, r.device != "eth0")',
    'net.pairs.size() > 0',
    '"UP" in links.links[0].flags',
    'ping.received > 0 ? true : false',
  ]) {
    t.is(checkExpression(expression, variables), null, expression);
  }
});

test('a variable or field that is not there is named, and the nearest one suggested', (t) => {
  t.is(checkExpression('pong.received > 0', variables), "Unknown variable: pong (did you mean 'ping'?)");
  t.is(checkExpression('ping.recieved > 0', variables), "No such key: recieved (did you mean 'received'?)");
  t.regex(checkExpression('routes.routes.exists(r, r.metrik == 3)', variables) ?? '', /metrik \(did you mean 'metric'/);
  t.regex(checkExpression('ping.line > 0', variables) ?? '', /No such key: line/);
});

test('types that do not fit are found without any capture', (t) => {
  t.is(checkExpression('ping.received == "four"', variables), 'no such overload: int == string');
  t.is(checkExpression('ping.received * 1.5 > 2.0', variables), 'no such overload: int * double');
  t.is(checkExpression('!ping.received', variables), 'no such overload: !int');
  t.is(checkExpression('ping.received', variables), 'the expression gives int, not true or false');
  t.is(
    checkExpression('links.links.map(l, l.name)', variables),
    'the expression gives list<string>, not true or false',
  );
});

test('what does not parse is told of in one line', (t) => {
  for (const expression of ['', '   ', '((', 'ping.received >', 'ping.received > 0 &&', '"open', 'ping..received']) {
    const problem = checkExpression(expression, variables);
    t.truthy(problem, expression);
    t.false(problem?.includes('\n'), expression);
  }
});

test('an expression that reads no observation would uphold its claim without evidence, and is refused', (t) => {
  for (const expression of ['true', '1 == 1', '"ping" == "ping"', 'true // ping']) {
    t.is(checkExpression(expression, variables), 'the expression reads no capture and no topology', expression);
  }
});

test('whole numbers are integers', (t) => {
  t.true(valueOf('ping.received + 1 > ping.received'));
  t.true(valueOf('(ping.received * 2 + 1) / 2 == ping.received'));
  t.true(valueOf('(ping.received * 2 + 1) % 2 == 1'));
  t.true(valueOf('type(ping.received) == int'));
  t.true(valueOf('ping.replies[0].sequence + 1 == ping.replies[1].sequence'));
  t.true(valueOf('ping.replies.size() == ping.received'));
  t.true(valueOf('type(ping.lossPercent) == double'));
});

test('a field that has no value equals null and nothing else, and nothing can be read below it', (t) => {
  t.is(checkExpression('routes.routes.exists(r, r.via == null && r.metric == null)', variables), null);
  t.is(checkExpression('ping.rtt != null', variables), null);
  t.true(valueOf('routes.routes.exists(r, r.via == null)'));
  t.false(valueOf('routes.routes.exists(r, r.via == "10.1.1.1")'));
  t.true(valueOf('ping.rtt != null'));
  t.true(valueOf('net.namespaces.exists(n, n.name == null)'));
  const silent = new Map([['ping', read('ping', 'iputils-20221126/ping-silent.txt')]]);
  t.deepEqual(evaluateExpression('ping.rtt.avgMs < 1.0', variables, silent), {
    state: 'failed',
    reason: 'No such key: avgMs',
  });
});

test('an expression has no way to the host', (t) => {
  for (const expression of [
    'process.exit()',
    'globalThis == null',
    'require("fs") == null',
    'ping.constructor == null',
    'ping["constructor"] == null',
    'ping.__proto__ == null',
    'ping["__proto__"] == null',
    'ping.prototype == null',
    'ping.toString() == ""',
    'ping.hasOwnProperty("received")',
    'links.links.constructor == null',
    'links.links.push(1)',
    'links.links.map.call(1)',
    '"".constructor == null',
    'ping.replies.constructor("return process")() == null',
    'constructor == ping',
    '__proto__ == ping',
    'this == ping',
  ]) {
    t.truthy(checkExpression(expression, variables), expression);
    t.is(evaluate(expression).state, 'failed', expression);
  }
});

test('an expression can change neither what it reads nor the prototypes of the host', (t) => {
  const before = JSON.stringify([...values]);
  for (const expression of [
    'ping.received = 5',
    'ping.__proto__.polluted = true',
    '{"__proto__": {"polluted": true}} == ping',
    '{"constructor": {"prototype": {"polluted": true}}} == ping',
    'links.links.map(__proto__, __proto__).size() == links.links.size()',
  ]) {
    checkExpression(expression, variables);
    evaluate(expression);
  }
  t.is(JSON.stringify([...values]), before);
  t.false('polluted' in {});
});

test('an expression that is very long or very deep is refused, and quickly', (t) => {
  for (const expression of [
    `${'('.repeat(4000)}ping.received > 0${')'.repeat(4000)}`,
    `${'!'.repeat(9000)}true`,
    `${'-'.repeat(9000)}1 == ping.received`,
    '['.repeat(9000),
    Array(900).fill('ping.received > 0').join(' && '),
    `"${'x'.repeat(1_000_000)}" == ping.destination`,
  ]) {
    t.truthy(checkExpression(expression, variables), expression.slice(0, 40));
  }
});

test('which variables an expression names is told from words in strings, comments and fields', (t) => {
  t.deepEqual(variablesIn('ping.received > 0 && links.links.size() > 0', variables), ['ping', 'links']);
  t.deepEqual(variablesIn('ping.destination == "links" // routes', variables), ['ping']);
  t.deepEqual(variablesIn(String.raw`ping.destination == "a\" && links" && net.pairs.size() == 0`, variables), [
    'ping',
    'net',
  ]);
  t.deepEqual(variablesIn("ping.destination == 'it\\'s links'", variables), ['ping']);
});

test('the trace says which lines were read', (t) => {
  const lines = (expression: string): unknown => {
    const result = evaluate(expression);
    return result.state === 'value' ? result.trace.entries() : result;
  };
  t.like(lines('routes.routes.exists(r, r.destination == "10.1.1.0/24")'), [{ variable: 'routes', last: 1, all: [1] }]);
  t.like(lines('links.links.exists(l, l.name == "none")'), [{ variable: 'links' }]);
  t.deepEqual(lines('net.pairs.size() == 0'), [{ variable: 'net', last: null, all: [] }]);
});
