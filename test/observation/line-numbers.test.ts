import test from 'ava';

import { observe } from '../../src/observation/observe.ts';
import { allCaptures } from './captures.ts';
import { falseSightings } from './line-numbers.ts';

test('every line number of every capture leads to the line that holds the values', (t) => {
  let read = 0;
  for (const { path, parser, text } of allCaptures()) {
    const reading = observe(parser, text);
    if (reading.state === 'unreadable') continue;
    read++;
    t.deepEqual(falseSightings(reading.observation, text), [], path);
  }
  t.true(read > 400, `${read} captures were read`);
});

test('the line of an unreadable capture is one of its lines', (t) => {
  for (const { path, parser, text } of allCaptures()) {
    const reading = observe(parser, text);
    if (reading.state === 'read') continue;
    const places = reading.state === 'partly' ? reading.unread.map(({ line }) => line) : [reading.line ?? 1];
    for (const line of places) t.true(line >= 1 && line <= text.split('\n').length, path);
  }
});

test('captures are unreadable only where they hold an error, or what a parser says that it does not read', (t) => {
  const expected =
    /\/(?:lab-)?error-|ping-(?:killed|network-unreachable|unknown-host|no-device)|20160308\/lab-ping-source|busybox.*ping-route-lost|zoo-neigh-dev/;
  // Routes over several next hops or a gateway that is not shown, and flags that busybox glues to each other.
  const partly = /route-multipath|busybox.*zoo-(?:address|link)|zoo-route-n/;
  for (const { path, parser, text } of allCaptures()) {
    const state = expected.test(path) ? 'unreadable' : partly.test(path) ? 'partly' : 'read';
    t.is(observe(parser, text).state, state, path);
  }
});
