import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { leadsGroup, signalTree } from '../host/process-tree.ts';

/** A ProxyCommand that runs. */
export interface RunningProxy {
  /** The connection to the SSH server: what it reads and prints. With the stream it ends, and all that it started. */
  readonly stream: Duplex;
  /** Settles when it has ended, with how it ended and its last words; rejects never. */
  readonly ended: Promise<ProxyEnd>;
}

export interface ProxyEnd {
  /** `it ended with status 1`, say. */
  readonly how: string;
  /** What it printed to its standard error last; empty: nothing. */
  readonly said: string;
}

/** Between the request to end, and the kill. */
const patienceMs = 2000;
/** Of what it prints to its standard error, in characters. */
const longestWords = 4000;

/**
 * Runs the line of a ProxyCommand as OpenSSH does: by the user's shell, which it replaces; by cmd.exe on Windows. It is
 * the one line that a shell of this machine gets, since it is written for one. Ctrl-C in the terminal does not reach it:
 * the machine is still to be left as it was then.
 */
export function runProxyCommand(line: string, environment: Readonly<Record<string, string | undefined>>): RunningProxy {
  const [shell, args] = shellFor(line, environment);
  const child = spawn(shell, args, {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: leadsGroup,
    windowsHide: true,
    windowsVerbatimArguments: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-longestWords)));
  const ended = endOf(child).then((how) => ({ how, said: said.trim() }));
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  const end = (): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    signalTree(child, 'SIGTERM');
    const kill = setTimeout(() => {
      signalTree(child, 'SIGKILL');
    }, patienceMs).unref();
    child.once('exit', () => {
      clearTimeout(kill);
    });
  };
  stream.on('error', () => undefined); // how it ended tells more
  stream.on('end', () => stream.destroy()); // there is no half of a connection: ssh2 waits for the whole to close
  stream.on('close', end);
  return { stream, ended };
}

function shellFor(line: string, environment: Readonly<Record<string, string | undefined>>): [string, string[]] {
  if (process.platform === 'win32') return [environment['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', `"${line}"`]];
  return [environment['SHELL'] ?? '/bin/sh', ['-c', `exec ${line}`]];
}

function endOf(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(`it could not be started: ${error.message}`);
    });
    child.once('close', (status, signal) => {
      resolve(status === null ? `it was ended by ${signal ?? 'a signal'}` : `it ended with status ${status}`);
    });
  });
}
