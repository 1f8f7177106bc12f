import { csvParser } from './csv.ts';
import { jsonParser } from './json.ts';
import { linksParser } from './links.ts';
import { namespacesParser } from './namespaces.ts';
import { neighboursParser } from './neighbours.ts';
import { numberParser } from './number.ts';
import type { CelTypes } from './parser.ts';
import { pingParser } from './ping.ts';
import { routesParser } from './routes.ts';
import { shapedReading, shapedTypes, type ShapedObservation, type ShapedParse } from './shaped.ts';
import { tapParser } from './tap.ts';
import { tcpdumpParser } from './tcpdump.ts';
import type { Reading } from './types.ts';

/** What a study may say that a command's capture is, and what reads it. A new parser is one file and one line here. */
// prettier-ignore
const parsers = [
  pingParser,
  linksParser,
  routesParser,
  neighboursParser,
  namespacesParser,
  jsonParser,
  csvParser,
  tapParser,
  tcpdumpParser,
  numberParser,
] as const;

export type ParserName = (typeof parsers)[number]['name'];

/** How a capture is read: by a parser's name, or in a shape that the study describes. */
export type Parse = ParserName | ShapedParse;

/** What any of them reads. */
export type Observation =
  Extract<ReturnType<(typeof parsers)[number]['read']>, { state: 'read' }>['observation'] | ShapedObservation;

export const parserNames = parsers.map(({ name }) => name) as [ParserName, ...ParserName[]];

/** The types of claims' expressions that the parsers bring. */
export const parserTypes: CelTypes = Object.assign({}, ...parsers.map(({ types }) => types)) as CelTypes;

/** The type of a capture's observation, by its parser. */
export function parserType(name: ParserName): string {
  return parserOf(name).type;
}

/**
 * The types of what is read from a capture, and which of them that itself is. A shape's types belong to its capture, whose
 * name is in theirs.
 */
export function observationTypes(parse: Parse, capture: string): { readonly type: string; readonly types: CelTypes } {
  return typeof parse === 'string' ? parserOf(parse) : shapedTypes(parse, capture);
}

/** Reads a capture as the study says. Never throws: what cannot be understood is `unreadable`. */
export function observe(parse: Parse, text: string): Reading<Observation> {
  return typeof parse === 'string' ? parserOf(parse).read(text) : shapedReading(parse, text);
}

/** The same of a capture as it is kept, which may be a file that is no text. `text`: the same as UTF-8, where it is at hand. */
export function observeBytes(parse: Parse, bytes: Buffer, text = () => bytes.toString('utf8')): Reading<Observation> {
  const parser = typeof parse === 'string' ? parserOf(parse) : null;
  const read = parser !== null && 'readBytes' in parser ? parser.readBytes(bytes) : null;
  return read ?? observe(parse, text());
}

function parserOf(name: ParserName): (typeof parsers)[number] {
  const parser = parsers.find((each) => each.name === name);
  if (parser === undefined) throw new RangeError(`there is no parser '${name}'`);
  return parser;
}
