import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import SSHConfig from 'ssh-config';
import { HostError, messageOf } from '../../core/errors.ts';
import { matchesPattern } from './patterns.ts';
import type { SshSources } from './sources.ts';

/** The settings that hold for a host, by their names in lower case (ssh_config(5)). */
export type Configuration = ReadonlyMap<string, readonly string[]>;

/** For which host and user settings are looked up; `user` null: the user named nobody. */
export interface HostQuery {
  readonly host: string;
  readonly user: string | null;
}

/** The user's settings for a host, then the system's. Rejects with HostError where they cannot be read. */
export async function readConfiguration(asked: HostQuery, sources: SshSources): Promise<Configuration> {
  const folders = [join(sources.home, '.ssh'), sources.systemFolder];
  const texts = await Promise.all(
    folders.map(async (folder, index) => {
      const path = join(folder, index === 0 ? 'config' : 'ssh_config');
      try {
        const text = await expand(await textOf(path), { asked, folder, home: sources.home, depth: 0 });
        SSHConfig.parse(text);
        return text;
      } catch (error) {
        throw new HostError(
          'The SSH configuration cannot be read.',
          `${path}: ${messageOf(error)}. Try \`ssh -G ${asked.host}\` on it.`,
          { cause: error },
        );
      }
    }),
  );
  return compute(texts.join(`\n${forAll}\n`), asked);
}

/** What follows this line holds for every host. */
const forAll = 'Match all';

function compute(text: string, { host, user }: HostQuery): Configuration {
  const computed = SSHConfig.parse(text).compute(
    { Host: host, ...(user !== null && { User: user }) },
    { ignoreCase: true },
  );
  return new Map(Object.entries(computed).map(([name, value]) => [name, [value].flat()]));
}

interface Place {
  readonly asked: HostQuery;
  /** That relative paths start from. */
  readonly folder: string;
  readonly home: string;
  readonly depth: number;
}

/** As OpenSSH has it. */
const longestDepth = 16;

/**
 * ssh-config leaves `Include` to us: what a file holds stands in its place, and the section that it stood in goes on.
 */
async function expand(text: string, place: Place): Promise<string> {
  let section = forAll;
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, keyword = '', value = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    if (/^(host|match)$/i.test(keyword)) section = line;
    if (/^include$/i.test(keyword)) {
      const holds = compute(`${section}\n  ${probe} yes`, place.asked).has(probe);
      if (holds) lines.push(...(await included(value, place)), section);
    } else lines.push(line);
  }
  return lines.join('\n');
}

/** No setting of ssh's. */
const probe = 'refiguresection';

async function included(value: string, place: Place): Promise<string[]> {
  if (place.depth === longestDepth) throw new Error('Include leads in circles');
  const words = [...value.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const paths = (await Promise.all(words.map((word) => matchingFiles(word, place)))).flat();
  return Promise.all(paths.map(async (path) => expand(await textOf(path), { ...place, depth: place.depth + 1 })));
}

/** Wildcards are understood in the last part of a path. */
async function matchingFiles(word: string, { folder, home }: Place): Promise<string[]> {
  const path = word.replace(/^~(?=\/|$)/, home);
  const absolute = isAbsolute(path) ? path : join(folder, path);
  if (!/[*?]/.test(basename(absolute))) return [absolute];
  const names = await readdir(dirname(absolute)).catch(() => []);
  const fitting = names.filter((name) => !name.startsWith('.') && matchesPattern(basename(absolute), name));
  return fitting.sort().map((name) => join(dirname(absolute), name));
}

/** Empty where there is no such file. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
