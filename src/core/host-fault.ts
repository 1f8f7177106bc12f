import { existsSync } from 'node:fs';
import { HostError, RefigureError } from './errors.ts';
import { packagePath } from './package.ts';

/** What Node itself throws, wherever it happens to be, when this machine lacks something. */
const faults: readonly (readonly [is: (error: NodeJS.ErrnoException) => boolean, what: string, hint: string])[] = [
  [
    ({ code }) => code === 'EMFILE' || code === 'ENFILE',
    'This process may not open as many files as it needs',
    'Allow it more (`ulimit -n 1024`, say), or end programs that have many files open. Then try again.',
  ],
  [
    ({ code, syscall }) => code === 'ENOENT' && syscall === 'uv_cwd',
    'The folder that this was started in is gone',
    'Change into a folder that is there, then try again.',
  ],
  [
    ({ code, message }) =>
      code === 'ENOMEM' || /out of memory|could not allocate memory|allocation failed/i.test(message),
    'There is not enough memory',
    'End other programs, or allow this one more (`ulimit -v`). Then try again.',
  ],
  [
    ({ code }) => code === 'EAGAIN',
    'This machine starts no further process for this user',
    'End other programs, or allow more (`ulimit -u`). Then try again.',
  ],
];

/** A thrown value as it is, or as a HostError where this machine is at fault: no defect of ours is to be reported then. */
export function withHostFault(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof RefigureError) return thrown;
  const cause = causeOf(thrown);
  const fault = faults.find(([is]) => is(cause));
  if (fault === undefined) return thrown;
  const [, what, hint] = fault;
  return new HostError(`${what}: ${cause.message}`, hint, { cause: thrown });
}

/** Where no file can be opened, Node takes a module that is there for one that is not. By now some may be open no more. */
function causeOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') return error;
  const [, what = '', name = ''] = /^Cannot find (package|module) '([^']+)'/.exec(error.message) ?? [];
  // In a checkout a package is below this one, in an installation beside it.
  const paths = what === 'package' ? [`node_modules/${name}`, `../${name}`].map(packagePath) : [name];
  if (!paths.some((path) => existsSync(path))) return error;
  return Object.assign(new Error(`${name} is there, and could not be opened`), { code: 'EMFILE' });
}
