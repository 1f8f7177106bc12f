import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { GuestError, HostError, UsageError } from '../../src/core/errors.ts';
import { packagePath } from '../../src/core/package.ts';
import { loadCatalogue } from '../../src/provider/catalogue/catalogue.ts';
import { readPins } from '../../src/provider/catalogue/lock.ts';
import { requireQcow2 } from '../../src/provider/catalogue/qcow2.ts';
import { GuestConsole } from '../../src/provider/guest-console.ts';
import { readMachineFile } from '../../src/provider/qemu/own-machine-file.ts';
import { MonitorLostError, Qmp } from '../../src/provider/qemu/qmp.ts';
import { FrameReader } from '../../src/provider/sealed/frames.ts';
import { judgeHostKey, knownKeys } from '../../src/provider/ssh-host/known-hosts.ts';
import { matchesPattern } from '../../src/provider/ssh-host/patterns.ts';
import { parseSshUrl } from '../../src/provider/ssh-host/url.ts';
import { parseLine } from '../../src/provider/vagrant/machine-readable.ts';
import { readMachineRecord } from '../../src/provider/vagrant/machine-record.ts';
import { readSshConfig } from '../../src/provider/vagrant/ssh-config.ts';
import { loadImage } from '../../src/provider/image.ts';
import { readMachineState } from '../../src/run/machine-state.ts';
import { OutputLines } from '../../src/run/output-lines.ts';
import { holds } from '../support/property.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { changedJson, damaged, damagedBytes, hostileText, inPieces, pieceSizes } from './inputs.ts';

/** Runs a reader, and lets through what it may throw. */
async function orRefused(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    const isOurs = error instanceof HostError || error instanceof UsageError || error instanceof GuestError;
    assert.ok(isOurs, (error as Error).stack);
    assert.notEqual(error.hint, '');
  }
}

/** A file that may hold anything, and its reader. */
async function fileHolds(
  t: ExecutionContext,
  name: string,
  contents: fc.Arbitrary<string | Buffer>,
  read: (path: string) => Promise<unknown>,
  runs: number,
): Promise<void> {
  const path = join(await temporaryFolder(t), name);
  const property = fc.asyncProperty(contents, async (content) => {
    await writeFile(path, content);
    await orRefused(() => read(path));
  });
  await holds(t, property, runs);
}

/** What QEMU says, a line each. */
const answers = [
  '{"QMP": {"version": {"qemu": {"micro": 0, "minor": 2, "major": 7}}, "capabilities": []}}',
  '{"return": {}}',
  '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}',
  '{"return": "x"}',
  '{"error": {"class": "GenericError", "desc": "no"}}',
].join('\n');

test('whatever the monitor of QEMU says, a command is answered, refused, or its connection is lost', async (t) => {
  const property = fc.asyncProperty(damaged([`${answers}\n`]), async (said) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(said);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    try {
      const qmp = await Qmp.open(socket);
      await qmp.execute('query-status');
      await qmp.execute('stop');
    } catch (error) {
      const isRefused = error instanceof Error && error.message.startsWith('QEMU refuses ');
      assert.ok(error instanceof MonitorLostError || isRefused, (error as Error).stack);
    } finally {
      socket.destroy();
      server.close();
    }
  });
  await holds(t, property, 150);
});

const lines = new URL('../provider/vagrant/lines/', import.meta.url);
const vagrantTexts = readdirSync(lines).map((name) => readFileSync(new URL(name, lines), 'utf8'));

test('whatever Vagrant prints is a line of its own, or plain text', async (t) => {
  const property = fc.property(damaged(vagrantTexts), (text) => {
    for (const line of text.split('\n')) {
      const read = parseLine(line);
      assert.ok(read === null || (Number.isFinite(read.epochS) && read.type !== ''));
    }
  });
  await holds(t, property, 500);
});

const sshConfig =
  'Host default\n  HostName 127.0.0.1\n  User vagrant\n  Port 2222\n  IdentityFile "/home/a b/key"\n  LogLevel FATAL\n';

test('whatever `vagrant ssh-config` prints is a way into a machine, or refused', async (t) => {
  await holds(
    t,
    fc.asyncProperty(damaged([sshConfig]), (text) => orRefused(() => readSshConfig(text))),
    1000,
  );
});

test('whatever is noted of a machine of Vagrant’s, there is one or none', async (t) => {
  const record = { format: 1, id: 'x', provider: 'libvirt', kept: true, pid: 1 };
  await fileHolds(
    t,
    'machine.json',
    changedJson([record]).map((value) => JSON.stringify(value)),
    readMachineRecord,
    200,
  );
});

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIHmPz0Ov7p1m0Wm7Yx5o1a0Uo3g4Uo3g4Uo3g4Uo3g4U';
const knownHosts = `# a comment\nhost,192.0.2.1 ssh-ed25519 ${key}\n|1|c2FsdA==|aGFzaA== ssh-ed25519 ${key}\n@revoked * ssh-rsa ${key}\n[host]:22 ssh-ed25519 ${key} x\n`;

test('whatever a file of known hosts holds, a key is known or not', async (t) => {
  const property = fc.property(damaged([knownHosts]), hostileText, (text, shown) => {
    const known = knownKeys(['host', '[host]:22'], [{ path: 'known_hosts', text }]);
    // What is no line of the file is no key that is known.
    if (!text.includes(shown)) assert.notEqual(judgeHostKey(known, shown || 'x').state, 'known');
  });
  await holds(t, property, 1000);
});

test('a pattern of hosts matches what a regular expression of its stars would, and many stars take no time', async (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '['), maxLength: 8 });
  const property = fc.property(text, text, (pattern, name) => {
    const expression = pattern
      .replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll(/\*+/g, '[^]*')
      .replaceAll('?', '[^]');
    assert.equal(matchesPattern(pattern, name), new RegExp(`^${expression}$`).test(name));
  });
  await holds(t, property, 3000);
  t.false(matchesPattern(`${'*a'.repeat(5000)}b`, 'a'.repeat(5000)));
});

test('whatever the address of a machine is, it is read or refused', async (t) => {
  const urls = damaged(['ssh://user@host:22', 'ssh://[::1]:2222/', 'ssh://a%40b@192.0.2.1']);
  const property = fc.asyncProperty(urls, (url) =>
    orRefused(() => {
      const { host, user } = parseSshUrl(`ssh://${url.replace(/^ssh:\/\//, '')}`);
      // Neither an option of ssh, nor what a shell would act on.
      assert.match(host, /^[\w.:%][\w.:%-]*$/);
      assert.doesNotMatch(user ?? '', /^-|['"`$;&<>|(){}\n]/);
    }),
  );
  await holds(t, property, 2000);
});

test('whatever comes on the console of a guest, it has booted, failed, or goes on', async (t) => {
  const texts = [
    '[    0.1] Linux\r\nrefigure-guest: ready ssh-ed25519 AAAA\r\n',
    'refigure-guest: fault it broke\n',
    'Kernel panic - not syncing: x\n',
  ];
  const property = fc.asyncProperty(damaged(texts), pieceSizes, async (text, sizes) => {
    const guestConsole = new GuestConsole();
    const ready = guestConsole.hostKey().then(
      (found) => {
        assert.match(found, /^[A-Za-z0-9+/=]+$/);
      },
      (error: unknown) => {
        assert.ok(error instanceof GuestError);
      },
    );
    for (const piece of inPieces(Buffer.from(text), sizes)) guestConsole.push(piece);
    assert.doesNotMatch(guestConsole.lastLines(), /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    await Promise.race([ready, Promise.resolve()]);
  });
  await holds(t, property, 500);
});

test('whatever comes from the port of a sealed guest, its frames have all of it, wherever it is cut', async (t) => {
  const property = fc.property(fc.uint8Array({ maxLength: 400 }), pieceSizes, (bytes, sizes) => {
    const read = (pieces: readonly Uint8Array[]): string => {
      const found = new Map<number, Buffer>();
      const reader = new FrameReader(({ channel, bytes: more }) => {
        found.set(channel, Buffer.concat([found.get(channel) ?? Buffer.alloc(0), more]));
      });
      for (const piece of pieces) reader.push(piece);
      return JSON.stringify([...found].map(([channel, all]) => [channel, all.toString('hex')]));
    };
    assert.equal(read(inPieces(Buffer.from(bytes), sizes)), read([bytes]));
  });
  await holds(t, property, 1000);
});

test('whatever a machine of the user’s says of its state, it is read, or was not whole', async (t) => {
  const said =
    'netns|shared\nlink|1: lo: <LOOPBACK>\\    link/loopback\nroute|default via 10.0.0.1 users 3\nthere|namespace ns0\nprocess|12\nfolder|/tmp/x\nsaid|x\ndone|\n';
  const property = fc.property(damaged([said]), (text) => {
    const state = readMachineState(text);
    if (!/(?:^|\n)done\|/.test(text)) assert.equal(state, null);
  });
  await holds(t, property, 1000);
});

test('whatever a command prints, its lines are those of the whole, wherever it is cut', async (t) => {
  const property = fc.property(damaged(['one\ntwo\r\nthree', '\n\n']), pieceSizes, (text, sizes) => {
    const read = (pieces: readonly Buffer[]): unknown[] => {
      const found: unknown[] = [];
      const output = new OutputLines((line) => found.push(line));
      for (const piece of pieces) output.add('both', piece);
      output.end();
      return found;
    };
    assert.deepEqual(read(inPieces(Buffer.from(text), sizes)), read([Buffer.from(text)]));
  });
  await holds(t, property, 500);
});

test('files of machines, catalogues, pins, images and disks are read, or refused', async (t) => {
  const machine =
    'format: 1\nname: my-machine\ndisk: disk.qcow2\nuser: root\nkey: id_ed25519\nmemoryMiB: 512\nrelease: { file: /etc/os-release, contains: x }\n';
  await fileHolds(t, 'machine.yaml', damaged([machine]), readMachineFile, 150);
  const catalogue = await readFile(packagePath('guest/catalogue.yaml'), 'utf8');
  await fileHolds(t, 'catalogue.yaml', damaged([catalogue]), loadCatalogue, 100);
  const lock = await readFile(packagePath('guest/catalogue.lock.yaml'), 'utf8').catch(() => 'files: []\nboxes: []\n');
  await fileHolds(t, 'x.lock.yaml', damaged([lock]), (path) => readPins(path.replace('.lock.yaml', '.yaml')), 100);
  const image = await readFile(packagePath('guest/image/image.json'), 'utf8');
  await fileHolds(t, 'image.json', damaged([image]), (path) => loadImage(join(path, '..')), 100);
  const disk = Buffer.alloc(80);
  disk.write('QFI\xfb', 'latin1');
  disk.writeUInt32BE(3, 4);
  await fileHolds(t, 'disk.qcow2', damagedBytes([disk]), requireQcow2, 100);
});
