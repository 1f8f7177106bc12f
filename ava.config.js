import path from 'node:path';
import { buildProgram } from './test/support/built-program.mjs';

buildProgram();

/** What takes minutes, the longest first. It begins first, so that no processor waits for it at the end. */
const longest = [
  'provider/vagrant/machine',
  'determinism/shipped-studies',
  'run/journal',
  'provider/qemu/disk',
  'commands/interrupt',
  'run/script-differential',
  'study/mistakes',
  'run/background',
  'provider/ssh-host/connect',
  'run/run-study',
  'provider/ssh-host/login-shell',
  'commands/reproduce',
  'run/borrowed-machine',
  'audit/references',
  'determinism/first-study',
  'provider/qemu/sealed',
  'faults/faults',
  'docs/tutorial',
].map((name) => path.join(import.meta.dirname, 'test', `${name}.test.ts`));

const place = (file) => (longest.includes(file) ? longest.indexOf(file) : longest.length);

export default {
  files: ['test/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx', '--import=./test/support/own-cache.mjs'],
  timeout: '11m',
  concurrency: 2,
  workerThreads: false,
  sortTestFiles: (one, other) => place(one) - place(other) || (one < other ? -1 : 1),
};
