import test from 'ava';

import { parseNamespaces } from '../../src/observation/namespaces.ts';
import { capture, iproute2Versions } from './captures.ts';

for (const version of iproute2Versions) {
  const at = `iproute2-${version}`;

  test(`${at}: names, with their ids once they have some`, (t) => {
    t.deepEqual(parseNamespaces(capture(`${at}/netns-list-no-ids.txt`)), {
      state: 'read',
      observation: {
        kind: 'namespaces',
        namespaces: [
          { line: 1, name: 'ns1', id: null },
          { line: 2, name: 'ns0', id: null },
        ],
      },
    });
    t.deepEqual(parseNamespaces(capture(`${at}/netns-list.txt`)), {
      state: 'read',
      observation: {
        kind: 'namespaces',
        namespaces: [
          { line: 1, name: 'ns1', id: 1 },
          { line: 2, name: 'ns0', id: 0 },
        ],
      },
    });
  });

  test(`${at}: ids, with their names where they have some`, (t) => {
    t.deepEqual(parseNamespaces(capture(`${at}/topology-nameless/ns0.ids.txt`)), {
      state: 'read',
      observation: {
        kind: 'namespaces',
        namespaces: [
          { line: 1, name: null, id: 0 },
          { line: 2, name: 'ns1', id: 1 },
        ],
      },
    });
  });

  test(`${at}: no line is an empty list`, (t) => {
    for (const file of ['netns-list-empty.txt', 'netns-list-id-empty.txt']) {
      t.deepEqual(parseNamespaces(capture(`${at}/${file}`)), {
        state: 'read',
        observation: { kind: 'namespaces', namespaces: [] },
      });
    }
  });

  test(`${at}: an error is never taken for a name`, (t) => {
    t.deepEqual(parseNamespaces(capture(`${at}/error-object.txt`)), {
      state: 'unreadable',
      reason: 'Object "nets" is unknown, try "ip help".',
      line: 1,
    });
  });
}

test('one namespace may have two names, and then both have its id', (t) => {
  t.is(parseNamespaces('a (id: 0)\nb (id: 0)\n').state, 'read');
});

for (const text of ['ns0\nns0\n', 'nsid 0\nnsid 0 (iproute2 netns name: a)\n', 'ns0 (id: \ufffd)\n', 'ns', '\n']) {
  test(`unreadable: ${JSON.stringify(text)}`, (t) => {
    t.is(parseNamespaces(text).state, 'unreadable');
  });
}
