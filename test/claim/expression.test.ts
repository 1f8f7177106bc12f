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
import { whyNotRead } from '../../src/observation/reading.ts';
import { Budget } from '../../src/claim/traced.ts';

const variables: Variables = new Map([
  ['ping', 'ping'],
  ['links', 'links'],
  ['routes', 'routes'],
  ['net', 'topology'],
] as const);

const read = (parser: Parameters<typeof observe>[0], path: string): unknown => {
  const reading = observe(parser, capture(path));
  if (reading.state !== 'read') throw new Error(whyNotRead(reading));
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
  if (result.state === 'by-line') return `line ${result.unread.line} of ${result.variable}`;
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
  t.is(checkExpression('ping.received * "two" > 2.0', variables), 'no such overload: int * string');
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

test('a part that decides without a look at what was observed is refused', (t) => {
  for (const [expression, part] of [
    ['true || ping.received > 0', 'true'],
    ['ping.received > 0 || true', 'true'],
    ['false && ping.received > 0', 'false'],
    ['1 == 1 || ping.received > 0', '1 == 1'],
    ['[1].exists(r, r == 1) || ping.received > 0', '[1].exists(r, r == 1)'],
    ['[1].exists(ping, ping == 1) || ping.received > 0', '[1].exists(ping, ping == 1)'],
    ['true ? ping.received > 0 : ping.received == 0', 'true'],
    ['!(ping.received > 0 && (true || ping.errors == 0))', 'true'],
    ['routes.routes.exists(r, true || r.device == "x")', 'true'],
    ['routes.routes.exists(r, [1].exists(q, q == 1 && r.device == "x"))', 'q == 1'],
  ] as const) {
    const problem = `'${part}' reads nothing of what was observed: it is the same in every run`;
    t.is(checkExpression(expression, variables), problem, expression);
  }
  for (const expression of ['[1].exists(r, r == 1)', '[1].exists(ping, ping == 1)', '"ping.received" != ""']) {
    t.is(checkExpression(expression, variables), 'the expression reads no capture and no topology', expression);
  }
  for (const expression of [
    'routes.routes.exists(r, true)',
    'routes.routes.exists(r, r.device in ["a", "b"] || r.linkDown)',
    '["lo", "tap0"].all(name, links.links.exists(l, l.name == name && l.up))',
    'ping.received > 0 ? true : false',
  ]) {
    t.is(checkExpression(expression, variables), null, expression);
  }
});

test("a pattern is matched in time that its length and the text's bound", (t) => {
  t.is(checkExpression('"aaaa!".matches("^(a+)+$") || ping.received > 0', variables)?.startsWith('\'"aaaa!"'), true);
  t.is(checkExpression('ping.destination.matches("^(a+)+$")', variables), null);
  const text = `"${'a'.repeat(5000)}!"`;
  t.false(valueOf(`ping.received == 3 && ${text}.matches("^(a+)+$")`));
  t.true(valueOf('ping.destination.matches("^10(\\\\.[0-9]{1,3}){3}$")'));
  t.true(valueOf('links.links.exists(l, (l.name).matches("^l.$") && l.up)'));
});

test('a pattern that no machine without a memory can match is refused', (t) => {
  for (const pattern of ['(?=a)', '(a)\\\\1', '(', '[a', 'a{3,1}', '*', '(a{999}){999}']) {
    t.regex(
      checkExpression(`ping.destination.matches("${pattern}")`, variables) ?? '',
      /^the pattern ".+" can't be used/,
    );
  }
});

test('an expression that would take for ever ends, and says so', (t) => {
  const thousands = { kind: 'routes', routes: Array.from({ length: 3000 }, (_, line) => ({ line, device: 'x' })) };
  const many = new Map<string, unknown>([['routes', thousands]]);
  const ten = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
  const nested = (depth: number): string => (depth === 0 ? '1' : `${ten}.map(v${depth}, ${nested(depth - 1)})`);
  const doubled = `[[1]]${'.map(l, l + l)'.repeat(40)}`;
  for (const expression of [
    'routes.routes.exists(a, routes.routes.exists(b, routes.routes.exists(c, c.device == "y")))',
    '!routes.routes.exists(a, !routes.routes.all(b, !routes.routes.exists(c, c.device == "y")))',
    `routes.routes.size() > 0 && ${nested(8)}.size() == 10`,
    `routes.routes.size() > 0 && ${ten}.all(a, ${nested(7)}.size() == 10)`,
    `routes.routes.size() > 0 && ${doubled}.size() == 1`,
    `routes.routes.size() > 0 && ${ten}.exists_one(a, ${nested(7)}.size() == a)`,
    `routes.routes.size() > 0 && ${ten}.filter(a, ${nested(7)}.size() == a).size() == 0`,
  ]) {
    const result = evaluateExpression(expression, variables, many);
    const reason = 'it is too costly: it would have to go through too much';
    t.like(result, { state: 'failed', reason }, expression.slice(0, 60));
  }
  const twice = 'routes.routes.all(a, routes.routes.exists(b, b.device == a.device))';
  t.like(evaluateExpression(twice, variables, many), { state: 'value', value: true });
});

test('expressions that would all take long do not add up: what is too much for all of them decides none', (t) => {
  const thousands = { kind: 'routes', routes: Array.from({ length: 3000 }, (_, line) => ({ line, device: 'x' })) };
  const values = new Map<string, unknown>([['routes', thousands]]);
  const budget = new Budget();
  const evaluate = (expression: string) => evaluateExpression(expression, variables, values, new Map(), budget);
  const twice = 'routes.routes.exists(a, routes.routes.exists(b, b.device == a.device + "y"))';
  const cheap = 'routes.routes.exists(a, a.device == "x")';
  t.like(evaluate(cheap), { state: 'value', value: true });
  for (let times = 0; times < 5; times += 1) evaluate(twice);
  t.like(evaluate(cheap), { state: 'failed', reason: 'it is too costly: it would have to go through too much' });
});

test('where the parts of an expression stand, with parentheses and comments between them, changes nothing', (t) => {
  for (const expression of [
    '(ping.received == 3) && ((ping.transmitted == 3))',
    'ping.received == 3 // && "not this"\n && // nor (this,\n ping.transmitted == 3',
    'routes.routes.exists(r, (r.device == "veth0") || (r.linkDown))',
    'routes.routes.exists((r) , // the device, of (all)\n (r.device) == "veth0")',
    'routes.routes.map(r, r.linkDown || true, r.device) == ["veth0"]',
    'routes.routes.filter(r, r.device == "veth0").map(r, r.device)[0] == "veth0"',
    'cel.bind(list_of, routes.routes, list_of.size() == 1 && list_of.exists(r, r.device == "veth0"))',
    'routes.routes.exists_one(r, r.device == "veth0" ? true : false)',
    'ping.received - (ping.transmitted - (ping.received - 1)) == 2',
    '"é😀" != "" && ping.received == 3 && ("😀, && matches(" + ping.destination).matches("1[.]1$")',
  ]) {
    t.is(valueOf(expression), true, expression);
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
  t.like(evaluateExpression('ping.rtt.avgMs < 1.0', variables, silent), {
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
  t.deepEqual(variablesIn('ping.destination == \"\"\"a\" links \"b\"\"\"', variables), ['ping']);
  t.deepEqual(variablesIn('ping.links.routes.exists(x, x.net)', variables), ['ping']);
});

test('a name that a macro binds is no variable, within that macro', (t) => {
  t.deepEqual(variablesIn('links.links.exists(ping, ping.name == "lo")', variables), ['links']);
  t.deepEqual(variablesIn('links.links.exists(ping, ping.up) && ping.received > 0', variables), ['ping', 'links']);
  t.deepEqual(variablesIn('ping.replies.exists(ping, ping.ttl == 64)', variables), ['ping']);
  t.deepEqual(variablesIn('cel.bind(ping, routes.routes, ping.size() > 0)', variables), ['routes']);
  t.deepEqual(variablesIn('[1].exists(ping, ping == 1)', variables), []);
});

test('the trace says which lines were read', (t) => {
  const lines = (expression: string): unknown => {
    const result = evaluate(expression);
    return result.state === 'value' ? result.trace.entries() : result;
  };
  t.like(lines('routes.routes.exists(r, r.destination == "10.1.1.0/24")'), [
    { variable: 'routes', last: [1], all: [1] },
  ]);
  t.like(lines('links.links.exists(l, l.name == "none")'), [{ variable: 'links' }]);
  t.deepEqual(lines('net.pairs.size() == 0'), [{ variable: 'net', last: [], all: [] }]);
});

test('a quantile that is no share, and a statistic of what are no numbers, are told beforehand', (t) => {
  for (const expression of [
    'quantile(ping.replies.map(r, r.timeMs), 0.95) < 100.0',
    'quantile(ping.replies.map(r, r.timeMs), 1) < 100.0',
    'mean(ping.replies.map(r, r.sequence)) > 0.0',
    'count(routes.routes.map(r, r.destination)) > 0',
  ])
    t.is(checkExpression(expression, variables), null, expression);
  for (const share of ['95', '1.5', '-0.1']) {
    const message = checkExpression(`quantile(ping.replies.map(r, r.timeMs), ${share}) < 100.0`, variables);
    t.is(message, `a quantile is from 0 to 1 (0.5 is the median), not ${share}`);
  }
  for (const name of ['mean', 'sum', 'median', 'max']) {
    const message = checkExpression(`${name}(routes.routes.map(r, r.destination)) > 0.0`, variables);
    t.is(message, `'routes.routes.map(r, r.destination)' holds texts, and '${name}' is of numbers`);
  }
});
