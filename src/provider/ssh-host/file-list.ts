import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Tokens } from './paths.ts';

/** What the list was made of. */
export interface Written {
  /** The configuration files that ssh has read. */
  readonly files: readonly string[];
  readonly tokens: Tokens;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * `ssh -G` prints a list of paths with blanks between them, and paths may have blanks, too. So the list is looked for
 * among the lines of the configuration files that name such lists: the one that gives the same text says where each path
 * ends. A list that stands in no file (the built-in one) is parted before each path that is absolute.
 *
 * `option`: in lower case.
 */
export async function partList(
  value: string,
  option: string,
  { files, tokens, environment }: Written,
): Promise<string[]> {
  if (!value.includes(' ')) return [value];
  const texts = await Promise.all(files.map((path) => readFile(path, 'utf8').catch(() => '')));
  const lists = texts.flatMap((text) => listsIn(text, option));
  for (const words of lists) {
    const parts = new RegExp(
      `^${words.map((word) => `(${patternOf(word, tokens, environment)})`).join(' ')}$`,
      's',
    ).exec(value);
    if (parts !== null) return parts.slice(1);
  }
  return value.split(/ (?=[/~]|[A-Za-z]:[\\/]|__PROGRAMDATA__)/);
}

/** The values that a configuration file gives an option, whichever hosts they are for. */
function listsIn(text: string, option: string): string[][] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name = '', value = ''] = /^\s*"?(\w+)"?(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    return name.toLowerCase() === option ? [wordsOf(value)] : [];
  });
}

/** As OpenSSH parts a line: `argv_split` of its misc.c. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  const piece =
    /\\(['"\\ ])|"((?:\\["'\\]|\\(?!["'\\])|[^"\\])*)"|'((?:\\["'\\]|\\(?!["'\\])|[^'\\])*)'|([ \t]+)|(#)|([^])/y;
  let word: string | null = null;
  for (let found = piece.exec(line); found !== null; found = piece.exec(line)) {
    const [whole, escaped, double, single, blank, comment] = found;
    if (blank !== undefined || (comment !== undefined && word === null)) {
      if (word !== null) words.push(word);
      word = null;
      if (blank === undefined) break;
    } else {
      const quoted = (double ?? single)?.replaceAll(/\\(["'\\])/g, '$1');
      word = (word ?? '') + (escaped ?? quoted ?? whole);
    }
  }
  return word === null ? words : [...words, word];
}

/**
 * What ssh makes of a path: it puts something in for a home (older versions of OpenSSH do so later), a token and a
 * variable. What is not known here has no blank in it, as the number of a user, or the hash `%C`.
 */
function patternOf(word: string, tokens: Tokens, environment: Written['environment']): string {
  const { homedir } = userInfo();
  const known = (value: string | undefined): string => (value === undefined ? '[^ ]*' : escape(value));
  return word.replaceAll(/^~[^/\\]*|%[A-Za-z%]|\$\{(\w+)\}|[^]/g, (found, variable: string | undefined, at: number) => {
    if (found === '~' && at === 0) return `(?:~|${escape(homedir)})`;
    if (found.length === 1) return escape(found);
    if (variable !== undefined) return known(environment[variable]);
    return known({ ...tokens, d: homedir, '%': '%' }[found.slice(1)]);
  });
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
