import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';

import { observe, type Observation, type ParserName } from '../../src/observation/observe.ts';
import { holds } from '../support/property.ts';
import { allCaptures } from './captures.ts';
import { falseSightings } from './line-numbers.ts';

const captures = allCaptures();

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

/** Where some lines are unread: what is neither read nor said to be unread. */
function silences(observation: Observation, unread: readonly { readonly line: number }[], text: string): string[] {
  const told = new Set(unread.map(({ line }) => line));
  const elements =
    observation.kind === 'ping'
      ? []
      : (observation as unknown as Record<string, readonly { readonly line: number }[]>)[observation.kind];
  for (const { line } of elements ?? []) told.add(line);
  const headings = text.startsWith('Kernel') ? 2 : 0;
  const margin = text.split('\n').flatMap((line, at) => (/^\S/.test(line) && at >= headings ? [at + 1] : []));
  return observation.kind === 'ping' ? [] : margin.filter((line) => !told.has(line)).map((line) => `lost line ${line}`);
}

const garbage = ['\0', '\ufffd', '\r', '\n', '\x1b[31m', ' ', '@', '9', 'received', 'inet 10.9.9.9/24 scope global x'];

/** Texts that differ from a capture in a line, a digit, some garbage, or half of a byte sequence that is no UTF-8. */
function mutationsOf(text: string): fc.Arbitrary<string> {
  const lines = text.split('\n');
  const bytes = Buffer.from(text);
  const line = fc.nat(lines.length - 1);
  const place = fc.nat(bytes.length);
  const lineOf = (at: number): string => lines[at] ?? '';
  return fc.oneof(
    fc.tuple(line, line).map(([one, other]) => lines.with(one, lineOf(other)).with(other, lineOf(one)).join('\n')),
    fc.tuple(line, line).map(([at, other]) => lines.toSpliced(at, 0, lineOf(other)).join('\n')),
    fc.tuple(place, fc.nat(9)).map(([at, digit]) => text.slice(0, at) + text.slice(at).replace(/\d/, String(digit))),
    fc.tuple(place, fc.constantFrom(...garbage)).map(([at, piece]) => text.slice(0, at) + piece + text.slice(at)),
    fc
      .tuple(place, fc.nat(255))
      .map(([at, byte]) =>
        Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc3, byte]), bytes.subarray(at + 1)]).toString(),
      ),
  );
}

/** What is read from a text that does not stand in it. */
function inventions(parser: ParserName, text: string): unknown[] {
  const reading = observe(parser, text);
  if (reading.state === 'unreadable') return [];
  if (reading.state === 'read') return faults(reading.observation, text);
  return [...falseSightings(reading.observation, text), ...silences(reading.observation, reading.unread, text)];
}

for (const parser of ['ping', 'links', 'routes', 'neighbours', 'namespaces'] as const) {
  test(`${parser}: a damaged capture never throws, and nothing is read that does not stand in it`, async (t) => {
    for (const { path, text } of captures.filter((one) => one.parser === parser)) {
      const lines = text.split('\n');
      for (const at of lines.keys()) t.deepEqual(inventions(parser, lines.toSpliced(at, 1).join('\n')), [], path);
      const anyMutation = fc.property(mutationsOf(text), (mutated) => {
        assert.deepEqual(inventions(parser, mutated), [], path);
      });
      await holds(t, anyMutation, 180 + 2 * lines.length);
    }
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
      if (reading.state !== 'unreadable') t.fail(`${path} at ${length}`);
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
      if (reading.state !== 'unreadable') {
        if (start.at(-1) !== 0x0a) t.fail(`${path} at ${length}`);
        if (falseSightings(reading.observation, start.toString()).length > 0) t.fail(`${path} at ${length}`);
      }
    }
  }
  t.pass();
});
