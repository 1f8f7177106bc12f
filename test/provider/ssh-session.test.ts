import { generateKeyPairSync } from 'node:crypto';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import test from 'ava';
import ssh2 from 'ssh2';
import { makeKeyPair } from '../../src/provider/ssh/keys.ts';
import { SshSession } from '../../src/provider/ssh/session.ts';

/** Two ends of a line; all that one end writes in one go arrives as one piece. */
function line(): [Duplex, Duplex] {
  const end = (other: () => Duplex): Duplex => {
    let waiting: Buffer[] = [];
    return new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        waiting.push(chunk);
        if (waiting.length === 1) {
          setImmediate(() => {
            const piece = Buffer.concat(waiting);
            waiting = [];
            other().push(piece);
          });
        }
        done();
      },
    });
  };
  const client: Duplex = end(() => server);
  const server: Duplex = end(() => client);
  return [client, server];
}

test('a command that ends in the same piece of the stream in which it begins has its output and its status', async (t) => {
  const { privateKey } = makeKeyPair();
  const hostKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  });
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      context.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (consent) => {
        const channel = consent();
        channel.stderr.write('complaint');
        channel.write('output');
        channel.exit(7);
        channel.end();
      });
    });
  });
  const [near, far] = line();
  server.injectSocket(far as unknown as Socket);
  const session = await SshSession.open({
    socket: near,
    username: 'root',
    privateKeys: [privateKey],
    hostKey: null,
    signal: new AbortController().signal,
  });
  const { status, output, errorOutput } = await session.execute('true');
  t.deepEqual([status, output.toString(), errorOutput.toString()], [7, 'output', 'complaint']);
  session.close();
});
