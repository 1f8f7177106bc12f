import test from 'ava';
import { problemsOf } from '../support/small-study.ts';

const study = (figure: string, makes = '{ namespaces: [a, b, router], devices: [] }'): string => `format: 2
id: net
title: A network
makes: ${makes}
experiments:
  - id: talk
    commands: [ip netns add a, ip netns add b, ip netns add router]
    topology: seen
figures:
  - { id: '1', caption: The network, topology: seen, ${figure} }
claims:
  - { id: c, statement: There are three beside the machine’s own, expect: seen.namespaces.size() == 4 }
`;

async function said(t: Parameters<typeof problemsOf>[0], yaml: string): Promise<string[]> {
  return (await problemsOf(t, yaml, {})).map(({ message }) => message);
}

test('a figure may leave things out, order and label namespaces, and put them in layers', async (t) => {
  const first = 'order: [b, router, host], ignore: [host/eth0, b], labels: { a: Alice, host: The machine }';
  t.deepEqual(await said(t, study(first)), []);
  t.deepEqual(await said(t, study('layers: [[a, b], [router]]')), []);
  t.deepEqual(await said(t, study('ignore: [docker0]')), []);
});

for (const [figure, message] of [
  ['order: [a, ruter]', /'makes' has no namespace 'ruter' \(did you mean 'router'\?\)/],
  ['layers: [[a], [c]]', /'makes' has no namespace 'c'/],
  ['labels: { aa: Alice }', /'makes' has no namespace 'aa'/],
  ['order: [a, b, a]', /'a' is in 'order' twice/],
  ['layers: [[a], [b, a]]', /'a' is in 'layers' twice/],
  ['order: [a, b], layers: [[a], [router]]', /'a' is in 'order' already/],
  ['ignore: [a/b/c]', /NAMESPACE or NAMESPACE\/DEVICE/],
  [
    'ignore: [a/v], shows: { origin: text, topology: { namespaces: [{ name: a, devices: [{ name: v, kind: veth }] }] }, masks: [] }',
    /'shows' has 'a\/v', which is ignored here/,
  ],
] as const) {
  test(`a figure that names what makes no sense is told of: ${figure}`, async (t) => {
    const messages = await said(t, study(figure));
    t.is(messages.length, 1, messages.join('\n'));
    t.regex(messages[0] ?? '', message);
  });
}

test('where the study does not say what it makes, any namespace may be named', async (t) => {
  t.deepEqual(await said(t, study('order: [x, y]').replace(/makes: .*\n/, '')), []);
});
