import { readdirSync, readFileSync } from 'node:fs';

import type { ParserName } from '../../src/observation/observe.ts';
import type { TopologyProbes } from '../../src/observation/read-topology.ts';

const folder = new URL('../fixtures/observation/', import.meta.url);

export const iproute2Versions = ['4.11', '6.1.0', '7.1.0'] as const;
export const iputilsVersions = ['20160308', '20221126', '20250605+33'] as const;

/** A capture as it is given to the parsers: decoded from bytes. */
export function capture(path: string): string {
  return readFileSync(new URL(path, folder)).toString('utf8');
}

/** Every capture of the fixtures, with the parser that a study would name for its command. */
export function allCaptures(): { path: string; parser: ParserName; text: string }[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.txt'));
  return paths.sort().map((path) => ({ path, parser: parserOf(path), text: capture(path) }));
}

function parserOf(path: string): ParserName {
  if (path.startsWith('tcpdump-')) return 'tcpdump';
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/^(?:lab|zoo|br-a|ns0|error|empty)-/, '');
  if (name.startsWith('ping')) return 'ping';
  if (name.startsWith('neigh')) return 'neighbours';
  if (/^route[-.]|\.routes\./.test(name)) return 'routes';
  return /^(?:netns-|list\.)|\.ids\./.test(name) ? 'namespaces' : 'links';
}

export function probes(scenario: string, iproute2: string): TopologyProbes {
  const at = `iproute2-${iproute2}/topology-${scenario}`;
  const files = readdirSync(new URL(at, folder));
  const names = files.flatMap((file) => /^(.+)\.ids\.txt$/.exec(file)?.[1] ?? []);
  return {
    list: capture(`${at}/list.txt`),
    namespaces: names.map((name) => ({
      name: name === 'root' ? null : name,
      address: capture(`${at}/${name}.address.txt`),
      routes: capture(`${at}/${name}.routes.txt`),
      ids: capture(`${at}/${name}.ids.txt`),
    })),
  };
}
