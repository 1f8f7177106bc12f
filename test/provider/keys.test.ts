import test from 'ava';
import ssh2 from 'ssh2';
import { makeKeyPair, makeHostKey } from '../../src/provider/ssh/keys.ts';

test('every client key can be read again, also where its public half begins with a zero byte', (t) => {
  for (let count = 0; count < 2000; count += 1) {
    const { privateKey, publicBody } = makeKeyPair();
    const [parsed] = [ssh2.utils.parseKey(privateKey)].flat();
    if (parsed === undefined || parsed instanceof Error) return t.fail(parsed?.message);
    t.is(parsed.getPublicSSH().toString('base64'), publicBody);
  }
});

test('a host key has 64 bytes in octal digits, and the public half is the one that its body names', (t) => {
  for (let count = 0; count < 2000; count += 1) {
    const [octal = '', body = ''] = makeHostKey().split(':');
    t.regex(octal, /^(\\[0-3][0-7]{2}){64}$/);
    const bytes = octal
      .slice(1)
      .split('\\')
      .map((digits) => parseInt(digits, 8));
    const key = Buffer.from(body, 'base64');
    t.deepEqual(key.subarray(0, 19).toString('latin1'), '\0\0\0\x0bssh-ed25519\0\0\0\x20');
    t.deepEqual([...key.subarray(19)], bytes.slice(32));
  }
});
