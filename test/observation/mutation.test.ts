import test from 'ava';

import { observe, type Observation } from '../../src/observation/observe.ts';
import { allCaptures } from './captures.ts';
import { falseSightings } from './line-numbers.ts';

const captures = allCaptures();

/** mulberry32: small, and the same numbers on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What must hold of whatever was read from a text, be it real or damaged. */
function faults(observation: Observation, text: string): unknown[] {
  return [...falseSightings(observation, text), ...kindFaults(observation, text)];
}

function kindFaults(observation: Observation, text: string): string[] {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  if (observation.kind === 'routes') {
    const headings = text.startsWith('Kernel') ? 2 : 0;
    return observation.routes.length + headings === count(/^\S/gm) ? [] : ['lost a route'];
  }
  if (observation.kind === 'neighbours' && observation.neighbours.length !== text.split('\n').length - 1)
    return ['lost a neighbour'];
  if (observation.kind === 'links' && observation.links.length !== count(/^\S/gm)) return ['lost a device'];
  if (observation.kind === 'links') {
    const addresses = observation.links.flatMap((link) => link.addresses).length;
    return addresses === count(/^ {4}inet6? /gm) ? [] : ['lost an address'];
  }
  if (observation.kind !== 'ping' || observation.received === 0) return [];
  const said = [...text.matchAll(/^\d+ packets transmitted, (\d+) (?:packets )?received/gm)].map(([, n]) => Number(n));
  const hasTimes = observation.rtt !== null || observation.replies.every(({ timeMs }) => timeMs === null);
  return said.length === 1 && said[0] === observation.received && hasTimes ? [] : ['received what was not said'];
}

/** The texts that mutate a capture; deterministic. */
function* mutations(text: string, seed: number): Generator<string> {
  const random = randomFrom(seed);
  const lines = text.split('\n');
  const bytes = Buffer.from(text);
  for (let at = 0; at < lines.length; at++) {
    yield lines.toSpliced(at, 1).join('\n');
    const other = random(lines.length);
    yield lines
      .with(at, lines[other] ?? '')
      .with(other, lines[at] ?? '')
      .join('\n');
    yield lines.toSpliced(at, 0, lines[other] ?? '').join('\n');
  }
  const garbage = [
    '\0',
    '\ufffd',
    '\r',
    '\n',
    '\x1b[31m',
    ' ',
    '@',
    '9',
    'received',
    'inet 10.9.9.9/24 scope global x',
  ];
  for (let times = 0; times < 60; times++) {
    const at = random(bytes.length + 1);
    const digit = Buffer.from(bytes);
    const found = digit.subarray(at).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
    if (found !== -1) digit[at + found] = 0x30 + random(10);
    yield digit.toString();
    yield text.slice(0, at) + (garbage[random(garbage.length)] ?? '') + text.slice(at);
    // Half of a byte sequence that is no UTF-8, as a damaged capture holds it.
    yield Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc3, random(256)]), bytes.subarray(at + 1)]).toString();
  }
}

for (const parser of ['ping', 'links', 'routes', 'neighbours', 'namespaces'] as const) {
  test(`${parser}: a damaged capture never throws, and nothing is read that does not stand in it`, (t) => {
    const failed: unknown[] = [];
    for (const [seed, { path, text }] of captures.filter((one) => one.parser === parser).entries()) {
      for (const mutated of mutations(text, seed)) {
        const reading = observe(parser, mutated);
        const found = reading.state === 'read' ? faults(reading.observation, mutated) : [];
        if (found.length > 0) failed.push({ path, found, mutated });
      }
    }
    t.deepEqual(failed.slice(0, 3), []);
  });

  test(`${parser}: another parser's capture never throws`, (t) => {
    for (const { text } of captures) t.notThrows(() => observe(parser, text));
  });
}

test('a ping that lacks its end is unreadable, be it one byte', (t) => {
  let cut = 0;
  for (const { path, text } of captures.filter(({ parser }) => parser === 'ping')) {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length++, cut++) {
      const reading = observe('ping', bytes.subarray(0, length).toString());
      if (reading.state === 'read') t.fail(`${path} at ${length}`);
    }
  }
  t.true(cut > 10_000);
});

test('any other capture that was cut within a line is unreadable; cut between lines, it is what stands there', (t) => {
  for (const { path, parser, text } of captures.filter((one) => one.parser !== 'ping')) {
    const bytes = Buffer.from(text);
    // Each byte of the small captures; of the large ones, every seventh: as many kinds of places, in a tenth of the time.
    const step = bytes.length > 2000 ? 7 : 1;
    for (let length = 1; length < bytes.length; length += step) {
      const start = bytes.subarray(0, length);
      const reading = observe(parser, start.toString());
      if (reading.state === 'read') {
        if (start.at(-1) !== 0x0a) t.fail(`${path} at ${length}`);
        if (falseSightings(reading.observation, start.toString()).length > 0) t.fail(`${path} at ${length}`);
      }
    }
  }
  t.pass();
});
