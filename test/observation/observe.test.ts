import test from 'ava';

import { observe, parserNames } from '../../src/observation/observe.ts';
import { capture } from './captures.ts';

test('a study names a parser by the kind of what it reads', (t) => {
  const files = {
    ping: 'iputils-20221126/ping-own.txt',
    links: 'iproute2-6.1.0/address-veth.txt',
    routes: 'iproute2-6.1.0/ns0-route.txt',
    neighbours: 'iproute2-6.1.0/neigh.txt',
    namespaces: 'iproute2-6.1.0/netns-list.txt',
  };
  for (const name of Object.keys(files) as (keyof typeof files)[]) {
    t.true(parserNames.includes(name));
    const reading = observe(name, capture(files[name]));
    t.is(reading.state === 'read' && reading.observation.kind, name);
  }
});
