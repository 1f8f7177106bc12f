import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as contentOf } from 'node:stream/consumers';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inherited, program, refigure } from './cli.ts';

const fixtures = packagePath('test/fixtures');
const neighbours = join(fixtures, 'observation/iproute2-4.11/lab-neigh.txt');

test.serial('what is read of a file is printed as JSON', async (t) => {
  const { status, stdout, stderr } = await refigure(['observe', 'neighbours', neighbours]);
  t.deepEqual([status, stderr], [0, '']);
  t.like(JSON.parse(stdout), {
    kind: 'neighbours',
    neighbours: [
      { line: 1, address: '10.1.1.2', device: 'tap0', mac: null, state: 'FAILED' },
      { line: 2, address: '10.1.1.2', device: 'veth0', mac: '92:c0:ef:ce:1d:da', state: 'REACHABLE' },
    ],
  });
});

test.serial('- is the standard input', async (t) => {
  const [command, ...args] = [...program(), 'observe', 'neighbours', '-'];
  const child = spawn(command, args, { env: inherited(), stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(await readFile(neighbours));
  t.like(JSON.parse(await contentOf(child.stdout)), { kind: 'neighbours' });
});

test.serial(
  'what is refused is told with its line, without what a terminal would act on, and is status 1',
  async (t) => {
    const file = join(await temporaryFolder(t), 'output.txt');
    await writeFile(file, '10.1.1.2 dev tap0 STALE \u009b31m FAILED\n');
    const { status, stdout, stderr } = await refigure(['observe', 'neighbours', file]);
    t.deepEqual([status, stdout], [1, '']);
    t.is(stderr, `${file}:1: not a neighbour with one state: 10.1.1.2 dev tap0 STALE  31m FAILED\n`);
  },
);

test.serial('a kind that there is not, and a file that cannot be read, are status 2', async (t) => {
  const kind = await refigure(['observe', 'pong', neighbours]);
  t.is(kind.status, 2);
  t.regex(kind.stderr, /There is no kind 'pong'[^]*ping, links, routes, neighbours, namespaces, json/);
  const file = await refigure(['observe', 'ping', join(fixtures, 'nosuch.txt')]);
  t.is(file.status, 2);
  t.regex(file.stderr, /nosuch\.txt cannot be read: ENOENT[^]*\nName a file/);
});

test.serial('a shape is tried on a file as a study would write it, and what is wrong with it is told', async (t) => {
  const file = join(await temporaryFolder(t), 'output.txt');
  await writeFile(file, 'vlan 10\nother\nvlan 20\n');
  const good = await refigure(['observe', '{ regex: "vlan (?<id>\\\\d+)", types: { id: int } }', file]);
  t.deepEqual([good.status, good.stderr], [0, '']);
  t.like(JSON.parse(good.stdout), {
    kind: 'rows',
    rows: [
      { id: 10, line: 1 },
      { id: 20, line: 3 },
    ],
  });
  const bad = await refigure(['observe', "{ regx: 'vlan (?<id>)' }", file]);
  t.deepEqual([bad.status, bad.stdout], [2, '']);
  t.regex(bad.stderr, /the shape:1:3: unknown key 'regx' \(did you mean 'regex'\?\)/);
});

test.serial('lines that are not read are told beside what is', async (t) => {
  const { status, stdout, stderr } = await refigure([
    'observe',
    'routes',
    join(fixtures, 'cases/routes-nhid-group.txt'),
  ]);
  t.is(status, 0);
  t.like(JSON.parse(stdout), { routes: [{ line: 2, destination: '10.1.1.0/24' }], unread: [{ line: 1 }] });
  t.regex(stderr, /nhid-group\.txt:1: not read: leads over a next-hop object \(nhid 138\) that the line does not show/);
});
