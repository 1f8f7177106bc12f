import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { observe, parserNames } from '../../src/observation/observe.ts';
import { whyNotRead } from '../../src/observation/reading.ts';

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
  'routes-multipath-among-others': {
    routes: [1, 2, 6, 10, 11, 12, 13, 14, 15].map((line) => ({ line })),
    unread: [
      { line: 3, reason: 'leads over several next hops: 10.50.0.0/16' },
      { line: 7, reason: 'leads over several next hops: 10.52.0.0/16 nhid 10' },
    ],
  },
  'routes-nhid-group': {
    routes: [{ line: 2, destination: '10.1.1.0/24' }],
    unread: [
      {
        line: 1,
        reason:
          'leads over a next-hop object (nhid 138) that the line does not show: 192.168.10.1 nhid 138 proto bgp metric 20',
      },
    ],
  },
  'ping-verbose': { transmitted: 2, received: 2, failures: [] },
};

for (const [name, content] of Object.entries(expected)) {
  test(`${name}: ${content instanceof RegExp ? 'refused, in words that say why' : 'read'}`, (t) => {
    const parser = parserNames.find((each) => name.startsWith(`${each}-`)) ?? 'ping';
    const reading = observe(parser, readFileSync(new URL(`${name}.txt`, folder), 'utf8'));
    if (content instanceof RegExp) {
      if (reading.state === 'read') return t.fail('it is read');
      t.regex(whyNotRead(reading), content);
      return;
    }
    if (reading.state === 'unreadable') return t.fail(reading.reason);
    const unread = reading.state === 'partly' ? reading.unread : undefined;
    t.like({ ...reading.observation, ...(unread && { unread }) }, content);
    t.is(unread === undefined, !('unread' in content));
  });
}

test('every case of an output has its reading here', (t) => {
  const cases = readdirSync(folder).flatMap((file) => /^(.+)\.txt$/.exec(file)?.[1] ?? []);
  // What Vagrant prints is read elsewhere.
  const outputs = cases.filter((name) => !name.startsWith('vagrant-'));
  t.deepEqual(Object.keys(expected).sort(), outputs.sort());
});
