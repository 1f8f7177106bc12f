import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { testWith } from '../support/tools.ts';
import { attempts, type Findings } from './no-way-out.ts';

/**
 * The evidence, from the inside out: what the guest's commands say; every frame that reached its card; every network
 * handle that Node made in any thread of the process; and, strongest, the counts of the host's kernel for a network
 * namespace in which nothing else runs: whatever made a packet, or tried to, it is in there.
 */
const folder = mkdtempSync(join(tmpdir(), 'refigure-no-way-out-'));
const mayUnshare = canUnshare();
let findings: Findings;

test.before(async () => {
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const preloads = ['--import', new URL('./log-sockets.mjs', import.meta.url).href, '--import', 'tsx'];
  const command = [process.execPath, ...preloads, here('./no-way-out-child.ts')];
  const [file = '', ...args] = mayUnshare ? ['unshare', '--map-root-user', '--net', ...command] : command;
  const env = { ...process.env, SOCKET_LOG: join(folder, 'handles') };
  const { stdout } = await promisify(execFile)(file, args, { env, timeout: 280_000 });
  findings = JSON.parse(stdout) as Findings;
});

test.after.always(() => {
  rmSync(folder, { recursive: true });
});

/** A network namespace needs more than the tool: the right to make one. */
function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['--map-root-user', '--net', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const testInNamespace: ReturnType<typeof testWith> = mayUnshare ? test : testWith('network-namespace');

test('the guest has a route to its own network and no default route', (t) => {
  t.regex(findings.routes, /^192\.168\.86\.0\/24 dev \S+ .*src 192\.168\.86\.100/m);
  t.notRegex(findings.routes, /default/);
  t.is(findings.routes.trim().split('\n').length, 1);
});

for (const { name } of attempts) {
  test(`no answer, even with a default route added by hand: ${name}`, (t) => {
    const answer = findings.answers.find((one) => one.name === name);
    t.not(answer?.status, 0, answer?.printed);
    t.notRegex(answer?.printed ?? '', /not found|invalid option|unrecognized|Usage/i, 'the attempt itself must work');
  });
}

test("nothing but SSH and ARP replies for the client reaches the guest's card", (t) => {
  t.regex(findings.clientKnown, /Received 1 response/);
  t.true(findings.received.length > 0);
  for (const line of findings.received) t.regex(line, /ARP, Reply 192\.168\.86\.1 is-at 52:54:00:01:02:03/);
});

test('SSH works on after all that', (t) => {
  t.is(findings.stillThere, 'still there');
});

test('no thread of the process makes a network handle or looks up a name', (t) => {
  // Each has the one of log-sockets.mjs itself: the main thread, the emulator's, and whatever threads a loader has.
  const lines = findings.handles.trim().split('\n');
  const threads = [...new Set(lines.map((line) => line.split(' ')[0]))];
  t.true(threads.length >= 2, findings.handles);
  t.deepEqual(
    lines,
    threads.map((thread) => `${thread ?? ''} UDPWRAP`),
  );
});

testInNamespace("the host's kernel counts no packet and no attempt at one", (t) => {
  t.deepEqual(findings.before, { sent: 0, withoutRoute: 0, tcpOpens: 0 });
  t.deepEqual(findings.after, { sent: 0, withoutRoute: 0, tcpOpens: 0 });
  t.notDeepEqual(findings.afterOneOfOurs, findings.after, 'a datagram of our own must be counted');
});
