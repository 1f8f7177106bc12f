import { parseLinks } from './links.ts';
import { parseNamespaces } from './namespaces.ts';
import { parseNeighbours } from './neighbours.ts';
import { parsePing } from './ping.ts';
import { parseRoutes } from './routes.ts';
import type { Reading } from './types.ts';

/** What a study may say that a command's capture is, and what reads it. */
const parsers = {
  ping: parsePing,
  links: parseLinks,
  routes: parseRoutes,
  neighbours: parseNeighbours,
  namespaces: parseNamespaces,
} satisfies Record<string, (text: string) => Reading>;

export type ParserName = keyof typeof parsers;

export const parserNames = Object.keys(parsers) as [ParserName, ...ParserName[]];

/** Reads a capture by the parser that the study names. Never throws: what cannot be understood is `unreadable`. */
export function observe(name: ParserName, text: string): Reading {
  return parsers[name](text);
}
