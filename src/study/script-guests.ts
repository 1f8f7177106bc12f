import type { Script } from './script.ts';

/** Which of the guests that ship lack the program that a script's first line names; as guest/README.md lists theirs. */
export function guestsWithout({ interpreter }: Script): { readonly program: string; readonly guests: string[] } {
  const [program = '', argument = ''] = interpreter.words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const called = name === 'env' ? (argument.replace(/^-S[ \t]*/, '').split(/[ \t]/)[0] ?? '') : name;
  return { program: called, guests: lacking.get(called) ?? ['embedded', 'mini'] };
}

const lacking: ReadonlyMap<string, string[]> = new Map([
  ['sh', []],
  ['dash', ['centos-7.6']],
  ['ash', ['centos-7.6']],
  ['busybox', ['centos-7.6']],
  ['bash', []],
]);
