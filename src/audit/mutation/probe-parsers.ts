import type { ParserName } from '../../observation/observe.ts';

/** What reads the answer of a probe of the network, where it is a reader that captures have, too. */
const parsers: Readonly<Record<string, ParserName>> = {
  address: 'links',
  routes: 'routes',
  ids: 'namespaces',
  namespaces: 'namespaces',
};

export function parserOfProbe(id: string | null): ParserName | null {
  return parsers[id ?? ''] ?? null;
}
