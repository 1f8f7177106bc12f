import test from 'ava';
import { GuestError, HostError } from '../../src/core/errors.ts';
import { withHostFault } from '../../src/core/host-fault.ts';

function systemError(message: string, fields: Partial<NodeJS.ErrnoException>): Error {
  return Object.assign(new Error(message), fields);
}

test('what this machine lacks is its fault, with what to do', (t) => {
  const cases: [error: Error, message: RegExp, hint: RegExp][] = [
    [systemError('EMFILE: too many open files, open', { code: 'EMFILE' }), /as many files.*EMFILE/, /ulimit -n/],
    [
      systemError('ENOENT: no such file or directory, uv_cwd', { code: 'ENOENT', syscall: 'uv_cwd' }),
      /folder that this was started in is gone/,
      /Change into a folder/,
    ],
    [new RangeError('Array buffer allocation failed'), /not enough memory/, /ulimit -v/],
    [systemError('spawn ENOMEM', { code: 'ENOMEM' }), /not enough memory/, /ulimit -v/],
    [
      systemError("Cannot find package 'ssh2' imported from x", { code: 'ERR_MODULE_NOT_FOUND' }),
      /as many files.*ssh2 is there/,
      /ulimit -n/,
    ],
    [systemError('spawn node EAGAIN', { code: 'EAGAIN' }), /no further process/, /ulimit -u/],
  ];
  for (const [error, message, hint] of cases) {
    const fault = withHostFault(error);
    if (!(fault instanceof HostError)) {
      t.fail(error.message);
      continue;
    }
    t.regex(fault.message, message);
    t.regex(fault.hint, hint);
    t.is(fault.cause, error);
  }
});

test('everything else stays what it is', (t) => {
  for (const thrown of [
    new Error('a surprise'),
    new GuestError('The guest is out of memory.', 'Give it more.'),
    systemError('ENOENT: no such file or directory, open', { code: 'ENOENT' }),
    systemError("Cannot find package 'no-such' imported from x", { code: 'ERR_MODULE_NOT_FOUND' }),
    'text',
  ]) {
    t.is(withHostFault(thrown), thrown);
  }
});
