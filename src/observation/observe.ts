import { linksParser } from './links.ts';
import { namespacesParser } from './namespaces.ts';
import { neighboursParser } from './neighbours.ts';
import type { CelTypes } from './parser.ts';
import { pingParser } from './ping.ts';
import { routesParser } from './routes.ts';
import type { Reading } from './types.ts';

/** What a study may say that a command's capture is, and what reads it. A new parser is one file and one line here. */
// prettier-ignore
const parsers = [
  pingParser,
  linksParser,
  routesParser,
  neighboursParser,
  namespacesParser,
] as const;

export type ParserName = (typeof parsers)[number]['name'];

/** What any of them reads. */
export type Observation = Extract<ReturnType<(typeof parsers)[number]['read']>, { state: 'read' }>['observation'];

export const parserNames = parsers.map(({ name }) => name) as [ParserName, ...ParserName[]];

/** The types of claims' expressions that the parsers bring. */
export const parserTypes: CelTypes = Object.assign({}, ...parsers.map(({ types }) => types)) as CelTypes;

/** The type of a capture's observation, by its parser. */
export function parserType(name: ParserName): string {
  return parserOf(name).type;
}

/** Reads a capture by the parser that the study names. Never throws: what cannot be understood is `unreadable`. */
export function observe(name: ParserName, text: string): Reading<Observation> {
  return parserOf(name).read(text);
}

function parserOf(name: ParserName): (typeof parsers)[number] {
  const parser = parsers.find((each) => each.name === name);
  if (parser === undefined) throw new RangeError(`there is no parser '${name}'`);
  return parser;
}
