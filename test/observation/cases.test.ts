import { readFileSync } from 'node:fs';
import test from 'ava';
import { observe, parserNames } from '../../src/observation/observe.ts';

const folder = new URL('../fixtures/cases/', import.meta.url);

/** What has to be read of each case, as far as it was read wrong; or the reason of a refusal. */
const expected: Readonly<Record<string, object | RegExp>> = {
  'links-colour': /colours \(ip -c/,
  'links-ip4-addr-namespace': {
    links: [{ name: 'lo' }, { name: 'va', peer: { by: 'index', index: 2, namespace: { by: 'name', name: 'r' } } }],
  },
  'links-peer-prefix': { links: [{ addresses: [{ address: '10.0.0.1', prefixLength: 32, peer: '192.168.5.2/24' }] }] },
  'neighbours-one-device': /names no device, as ip neigh show dev X leaves it out/,
  'ping-endless-ended-by-limit': /^no statistics: ping was killed/,
  'ping-inetutils': {
    transmitted: 2,
    received: 2,
    timeMs: null,
    rtt: { minMs: 0.048, avgMs: 0.056, maxMs: 0.064, mdevMs: 0 },
    sequences: [0, 1],
  },
  'ping-localhost-ipv6': { destination: 'localhost', address: '::1', received: 2, responders: ['::1'] },
  'ping-truncated': {
    transmitted: 2,
    received: 2,
    rtt: { minMs: 0.293, avgMs: 1.002, maxMs: 1.711, mdevMs: 0.709 },
    replies: [{ bytes: 308 }, { bytes: 76, timeMs: null }],
  },
  'ping-verbose': { transmitted: 2, received: 2, failures: [] },
};

for (const [name, content] of Object.entries(expected)) {
  test(`${name}: ${content instanceof RegExp ? 'refused, in words that say why' : 'read'}`, (t) => {
    const parser = parserNames.find((each) => name.startsWith(`${each}-`)) ?? 'ping';
    const reading = observe(parser, readFileSync(new URL(`${name}.txt`, folder), 'utf8'));
    if (content instanceof RegExp) {
      if (reading.state === 'read') return t.fail('it is read');
      t.regex(reading.reason, content);
    } else t.like(reading, { state: 'read', observation: content });
  });
}
