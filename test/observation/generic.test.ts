import test from 'ava';
import { observe, type Parse } from '../../src/observation/observe.ts';
import { shapeFault } from '../../src/observation/shaped.ts';
import type { Reading } from '../../src/observation/types.ts';

function read(parse: Parse, text: string): object {
  const reading = observe(parse, text);
  if (reading.state !== 'read') throw new Error(JSON.stringify(reading));
  return reading.observation;
}

function refused(parse: Parse, text: string): readonly [reason: string, line: number | null] {
  const reading: Reading<{ readonly kind: string }> = observe(parse, text);
  if (reading.state !== 'unreadable') throw new Error(JSON.stringify(reading));
  return [reading.reason, reading.line];
}

test('json is read as it stands, with and without a newline at its end', (t) => {
  t.deepEqual(read('json', '{"end":{"sum":{"bits_per_second":936.5}}}'), {
    kind: 'json',
    json: { end: { sum: { bits_per_second: 936.5 } } },
  });
  t.deepEqual(read('json', '[\n  1,\n  2\n]\n'), { kind: 'json', json: [1, 2] });
});

test('json that is cut off, damaged or something else names the line', (t) => {
  t.deepEqual(refused('json', '{\n  "a": 1,\n'), ['is no JSON: it ends too early', 2]);
  t.is(refused('json', '{\n  "a": 1,\n  b: 2\n}\n')[1], 3);
  t.deepEqual(refused('json', 'iperf3: error - unable to connect\n'), [
    "is no JSON: it begins with 'iperf3: error - unable to connect'",
    1,
  ]);
  t.deepEqual(refused('json', ''), ['is no JSON: it is empty', null]);
});

const capture = `12:00:00.1 IP 10.0.0.1 > 10.0.0.2: vlan 10, p 0, ICMP echo request, id 1, seq 1
12:00:00.2 ARP, Request who-has 10.0.0.2
12:00:00.3 IP 10.0.0.2 > 10.0.0.1: vlan 10, p 0, ICMP echo reply, id 1, seq 1
`;

test('a pattern gives a row for each line in which it is found, with typed groups and the line', (t) => {
  const parse: Parse = { regex: 'vlan (?<id>\\d+),.*ICMP echo (?<what>\\w+)', types: { id: 'int' } };
  const { rows } = read(parse, capture) as { rows: object[] };
  t.deepEqual(
    rows.map((row) => ({ ...row })),
    [
      { id: 10, what: 'request', line: 1 },
      { id: 10, what: 'reply', line: 3 },
    ],
  );
});

test('a pattern over the whole text finds what spans lines, and says where it begins', (t) => {
  const text = 'queue a\n  sent 5\nother\nqueue b\n  sent 7\n';
  const { rows } = read(
    { regex: 'queue (?<name>\\w+)\\n\\s+sent (?<sent>\\d+)', each: 'text', types: { sent: 'int' } },
    text,
  ) as {
    rows: object[];
  };
  t.deepEqual(
    rows.map((row) => ({ ...row })),
    [
      { name: 'a', sent: 5, line: 1 },
      { name: 'b', sent: 7, line: 4 },
    ],
  );
});

test('a group that is not of its type leaves its line unread, and a group that was not met is null', (t) => {
  const reading = observe(
    { regex: 'n=(?<n>\\S+)(?: m=(?<m>\\d+))?', types: { n: 'int', m: 'int' } },
    'n=1\nn=x m=2\nn=3 m=4\n',
  );
  if (reading.state !== 'partly') return t.fail(reading.state);
  t.deepEqual(reading.unread, [{ line: 2, reason: "'n' is no whole number: 'x'" }]);
  t.deepEqual(
    (reading.observation as unknown as { rows: object[] }).rows.map((row) => ({ ...row })),
    [
      { n: 1, m: null, line: 1 },
      { n: 3, m: 4, line: 3 },
    ],
  );
});

test('a pattern takes a time that grows with the text, whatever it is', (t) => {
  const before = process.cpuUsage();
  read({ regex: '(?<a>(a+)+)$' }, `${'a'.repeat(100_000)}!\n`);
  t.true(process.cpuUsage(before).user < 5e6);
});

test('a table is read by its header, and a column of numbers holds numbers', (t) => {
  const text = 'Netid  State   Recv-Q\ntcp    LISTEN  0\nudp    UNCONN  3\n';
  t.like(read({ table: { header: 1 } }, text), {
    kind: 'table',
    columns: ['Netid', 'State', 'Recv-Q'],
    rows: [
      { Netid: 'tcp', State: 'LISTEN', 'Recv-Q': 0, line: 2 },
      { Netid: 'udp', State: 'UNCONN', 'Recv-Q': 3, line: 3 },
    ],
  });
});

test('a table without a header has the columns that the study names; the last of them takes the rest of a line', (t) => {
  t.like(read({ table: { columns: ['size', 'path'], types: { size: 'int' } } }, '4\ta file\n12\tb\n'), {
    rows: [
      { size: 4, path: 'a file', line: 1 },
      { size: 12, path: 'b', line: 2 },
    ],
  });
});

test('a row with too few cells is not read', (t) => {
  const reading = observe({ table: { header: 1, separator: 'comma' } }, 'a,b\n1,2\n3\n');
  if (reading.state !== 'partly') return t.fail(reading.state);
  t.deepEqual(reading.unread, [{ line: 3, reason: 'has 1 cells for 2 columns: 3' }]);
});

test('csv is read with its quotation marks, and a row knows its line behind a cell of several lines', (t) => {
  t.like(read('csv', 'name,value\n"a, ""b""",1\n"two\nlines",2\nlast,3\n'), {
    kind: 'csv',
    rows: [
      { name: 'a, "b"', value: 1, line: 2 },
      { name: 'two\nlines', value: 2, line: 3 },
      { name: 'last', value: 3, line: 5 },
    ],
  });
});

for (const [text, reason, line] of [
  ['[1,\n x]\n', /'x' stands where nothing of it can/, 2],
  ['[1,\n "x', /it ends too early/, 2],
  ['[1 2]', /do not follow one another/, null],
  ['{\n "a": 9007199254740993 }', /whole number that is not exact .*: 9007199254740993/, 2],
  ['{ "a": 1e400 }', /too large: 1e400/, 1],
  ['{ "a": { "b": 1 },\n "a": 2 }', /the key "a" twice/, 2],
  [`${'['.repeat(501)}${']'.repeat(501)}`, /nested more than 500 deep/, 1],
  ['{ "a": "\ufffd" }', /bytes that are no text/, null],
] as const) {
  test(`what is no JSON, or what JavaScript would not hold of it as it stands, is refused: ${text.slice(0, 30)}`, (t) => {
    const [found, place] = refused('json', text);
    t.regex(found, reason);
    t.is(place, line);
  });
}

test('one key in two objects, a text that looks like JSON, and a byte order mark are no harm', (t) => {
  const text = '\ufeff[{ "a": 1 }, { "a": "{\\"a\\":1,\\"a\\":1e999}" }]\n';
  t.like(read('json', text), { json: [{ a: 1 }, { a: '{"a":1,"a":1e999}' }] });
});

for (const [text, reason] of [
  ['a,b\n1,"2\n', /quotation mark that is not closed/],
  ['a,b\n1,2', /^cut off in its last line/],
  ['a,,c\n1,2,3\n', /a column has no name/],
] as const) {
  test(`csv that may have been cut or damaged is refused: ${JSON.stringify(text)}`, (t) => {
    t.regex(refused('csv', text)[0], reason);
  });
}

test('a byte order mark before csv is passed over', (t) => {
  t.like(read('csv', '\ufeffa,b\n1,2\n'), { columns: ['a', 'b'], rows: [{ a: 1, b: 2 }] });
});

test('several numbers are not one', (t) => {
  t.deepEqual(refused('number', '1\n2\n'), ['has a second number, beside that in line 1: 2', 2]);
  t.regex(refused({ number: 'x (\\d)' }, 'x 1\nx 2\n')[0], /^has a second number/);
  t.regex(refused('number', 'ns0 (id: 0)\n')[0], /^is no number: 'ns0/);
});

test('a number is read by a pattern around it, or alone', (t) => {
  t.deepEqual(read({ number: 'rate ([0-9.]+)' }, 'qdisc tbf\nrate 250.5 burst 8\n'), {
    kind: 'number',
    line: 2,
    value: 250.5,
  });
  t.deepEqual(read('number', '42\n'), { kind: 'number', line: 1, value: 42 });
  t.deepEqual(refused({ number: 'rate (\\S+)' }, 'rate 250Kbit\n'), ["is no number: '250Kbit'", 1]);
  t.regex(refused({ number: 'rate (\\d+)' }, 'no number here\n')[0], /^no line has the number/);
});

for (const [parse, fault] of [
  [{ regex: '(a' }, /^is no pattern: /],
  [{ regex: 'a(b)' }, /^names no group/],
  [{ regex: '(?<line>a)' }, /can't be called 'line'/],
  [{ regex: '(?<a>b)', types: { c: 'int' } }, /^has no group 'c'; its groups: a/],
  [{ number: '(a)(b)' }, /^has several groups/],
  [{ table: {} }, /^a table has a 'header'/],
  [{ table: { columns: ['a', 'a'] } }, /^has two columns 'a'/],
  [{ table: { columns: ['a'], types: { b: 'int' } } }, /^has no column 'b'/],
] as const) {
  test(`a shape that can't be used says why: ${JSON.stringify(parse)}`, (t) => {
    t.regex(shapeFault(parse) ?? '', fault);
  });
}

const tap = `TAP version 13
1..5
ok 1 - first
not ok 2 second
    ok 1 - below
    not ok 2 - below
ok 3 # SKIP no such device
not ok 4 later # TODO write it
`;

test('tap is counted as a harness counts it: skipped and later ones apart, and missing ones as failed', (t) => {
  t.like(read('tap', tap), { planned: 5, passed: 1, failed: 2, skipped: 1, todo: 1, bailedOut: false });
  const { tests } = read('tap', tap) as { tests: object[] };
  t.deepEqual(tests[3], {
    line: 6,
    number: 2,
    ok: false,
    description: 'below',
    directive: '',
    reason: '',
    depth: 1,
  });
  t.like(tests[4], { line: 7, directive: 'SKIP', reason: 'no such device', description: '' });
});

test("the kernel's tap is read: subtests behind '# ', and indented by two", (t) => {
  const kselftest = `TAP version 13
1..1
# selftests: net: vlan_hw_filter.sh
# ok 1 add
# not ok 2 remove
ok 1 selftests: net: vlan_hw_filter.sh
`;
  t.like(read('tap', kselftest), {
    planned: 1,
    passed: 1,
    failed: 0,
    tests: [{ depth: 1, ok: true }, { ok: false }, { depth: 0 }],
  });
  const kunit = 'KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n    ok 1 case\n  ok 1 suite\nok 1 all\n';
  t.like(read('tap', kunit), { passed: 1, tests: [{ depth: 2 }, { depth: 1 }, { depth: 0 }] });
});

test("the kernel's own directives are read: an expected failure is apart, and a time limit or an error is a failure", (t) => {
  const said = `TAP version 13
1..6
ok 1 - plain # 12 errors: none
not ok 2 selftests: net: slow.sh # TIMEOUT 45 seconds
ok 3 # XFAIL not on this machine
not ok 4 broken # ERROR the program crashed
not ok 5 selftests: net: no.sh # exit=1
not ok 6 known # XFAIL
`;
  const read13 = read('tap', said) as { tests: object[] };
  t.like(read13, { planned: 6, passed: 1, failed: 3, skipped: 0, todo: 2 });
  t.like(read13.tests[0], { description: 'plain # 12 errors: none', directive: '' });
  t.like(read13.tests[1], { description: 'selftests: net: slow.sh', directive: 'TIMEOUT', reason: '45 seconds' });
  t.like(read13.tests[2], { directive: 'XFAIL', reason: 'not on this machine' });
  t.like(read13.tests[4], { description: 'selftests: net: no.sh # exit=1', directive: '' });
});

test('a test program that gave up is told, and an output without a test is refused', (t) => {
  t.like(read('tap', '1..3\nok 1\nBail out! no root\n'), { bailedOut: true, failed: 2, passed: 1 });
  t.regex(refused('tap', 'bash: ./test.sh: not found\n')[0], /^holds neither a plan/);
});

test('no program passes whose tests did not all come, once each, within its plan', (t) => {
  t.like(read('tap', '1..0 # SKIP no such device\n'), { failed: 0, skipped: 1, passed: 0 });
  t.like(read('tap', '1..1\nok 1\nBail out! x\n'), { failed: 1, bailedOut: true });
  t.like(read('tap', '1..2\nok 1\nok 1\n'), { passed: 1, failed: 2 });
  t.like(read('tap', '1..3\nok 1\nok 2\nok 3\nok 4\n'), { passed: 3, failed: 1 });
  t.regex(refused('tap', 'ok 1\nok 2\n')[0], /^has no plan/);
});
