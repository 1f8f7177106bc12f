import { userInfo } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import type { SshSources } from './sources.ts';

/** What `%h` and the like stand for in ssh_config(5), by their letters. */
export type Tokens = Readonly<Record<string, string>>;

/**
 * Reads the paths of a setting as `ssh -G` prints them. `tokens`: where that leaves them as they are; null: ssh has
 * expanded them. What says `none` is no path.
 */
export function readPaths(written: readonly string[], tokens: Tokens | null, sources: SshSources): string[] {
  const { home, environment } = sources;
  return written
    .filter((path) => path.toLowerCase() !== 'none')
    .map((path) => {
      const full = path
        .replace(/^~(?=[/\\]|$)/, () => home)
        .replace(/^__PROGRAMDATA__/, () => environment['ProgramData'] ?? 'C:\\ProgramData');
      const known = tokens === null ? inHome(full, home) : expandTokens(expandVariables(full, sources), tokens);
      return isAbsolute(known) ? known : join(process.cwd(), known);
    });
}

/** A token that is not among these stays as it is. */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replaceAll(/%([A-Za-z%])/g, (whole, letter: string) =>
    letter === '%' ? '%' : (tokens[letter] ?? whole),
  );
}

/** `${NAME}`, as ssh_config(5) has it. */
function expandVariables(text: string, { environment }: SshSources): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => environment[name] ?? whole);
}

/** What ssh has put into the home of the account, where HOME names another one (see homeOptions). */
function inHome(path: string, home: string): string {
  if (!isAbsolute(path)) return path;
  const within = relative(userInfo().homedir, path);
  const isWithin = !isAbsolute(within) && !/^\.\.(?=[/\\]|$)/.test(within);
  const isOurs = !/^\.\.(?=[/\\]|$)/.test(relative(home, path));
  return isWithin && !isOurs ? join(home, within) : path;
}
