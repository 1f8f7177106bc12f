import test from 'ava';
import { UsageError } from '../../../src/core/errors.ts';
import { isSshUrl, parseSshUrl } from '../../../src/provider/ssh-host/url.ts';

test('user and port may be left out; IPv6 stands in brackets', (t) => {
  const target = (user: string | null, host: string, port: number | null): object => ({ user, host, port });
  for (const [url, expected] of Object.entries({
    'ssh://host': target(null, 'host', null),
    'ssh://host/': target(null, 'host', null),
    'ssh://root@host:2222': target('root', 'host', 2222),
    'ssh://my_alias-1.example.org:1': target(null, 'my_alias-1.example.org', 1),
    'ssh://192.0.2.7:65535': target(null, '192.0.2.7', 65535),
    'ssh://root@[2001:db8::1]': target('root', '2001:db8::1', null),
    'ssh://[fe80::1%eth0]:22': target(null, 'fe80::1%eth0', 22),
    'ssh://someone%40example.org@host': target('someone@example.org', 'host', null),
    'ssh://someone@example.org@host': target('someone@example.org', 'host', null),
  })) {
    t.deepEqual<object, object>(parseSshUrl(url), expected, url);
  }
});

test('a URL that is none is refused with what is wrong, and a password is not repeated', (t) => {
  for (const [url, message] of Object.entries({
    'ssh://': /there is no host/,
    'ssh://:22': /there is no host/,
    'ssh://@host': /no user before the @/,
    'ssh://root:secret@host': /it holds a password/,
    'ssh://root:@host': /it holds a password/,
    'ssh://host:0': /a number from 1 to 65535/,
    'ssh://host:65536': /a number from 1 to 65535/,
    'ssh://host:': /a number from 1 to 65535/,
    'ssh://host:22a': /a number from 1 to 65535/,
    'ssh://2001:db8::1': /in brackets/,
    'ssh://[2001:db8::1': /in brackets/,
    'ssh://[::1]22': /in brackets/,
    'ssh://host/folder': /something behind the host/,
    'ssh://host?x': /something behind the host/,
    'ssh://-oProxyCommand=touch': /letters, digits, dots and hyphens/,
    'ssh://a b': /letters, digits, dots and hyphens/,
    'ssh://%zz@host': /hexadecimal/,
  })) {
    const error = t.throws(() => parseSshUrl(url), { instanceOf: UsageError, message }, url);
    t.false(`${error.message}${error.hint}`.includes('secret'));
    t.regex(error.hint, /ssh:\/\/user@host:port/);
  }
});

test('only ssh:// names such a machine', (t) => {
  t.true(isSshUrl('ssh://x'));
  for (const name of ['ssh', 'embedded', 'https://x', 'SSH://x']) t.false(isSshUrl(name));
});
