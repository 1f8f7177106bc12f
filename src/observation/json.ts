import type { Fields, Parser } from './parser.ts';
import { scanJson } from './json-scan.ts';
import { reading, refuse, withEnd, type Line } from './reading.ts';
import type { Reading } from './types.ts';

/** One JSON document: `iperf3 -J`, `ip -j`, `tc -j`, `nft -j`. */
export interface JsonObservation {
  readonly kind: 'json';
  /** As JSON.parse gives it; a document that it would not give exactly is refused. */
  readonly json: unknown;
}

/** Reads an output that is one JSON document (RFC 8259), and nothing beside it. */
export function parseJson(text: string): Reading<JsonObservation> {
  const plain = text.replace(/^\ufeff/, '');
  return reading(withEnd(plain), (lines) => {
    if (plain.includes('\ufffd')) refuse('holds bytes that are no text', null);
    refuseOther(lines);
    const { isOpen } = scanJson(plain, lines);
    if (isOpen) refuse('is no JSON: it ends too early', lines.findLast(({ text: line }) => line.trim() !== '') ?? null);
    try {
      return { kind: 'json', json: JSON.parse(plain) as unknown };
    } catch {
      // What V8 says of it differs from version to version, and a report must not.
      return refuse('is no JSON: its parts do not follow one another as they must', null);
    }
  });
}

/** What does not even begin as JSON is a message, or nothing. */
function refuseOther(lines: readonly Line[]): void {
  const first = lines.find((line) => line.text.trim() !== '');
  if (first === undefined) return refuse('is no JSON: it is empty', null);
  if (/^\s*(?:[[{"\d-]|(?:true|false|null)\b)/.test(first.text)) return;
  refuse(`is no JSON: it begins with '${first.text.slice(0, 60)}'`, first);
}

const fields: Fields<JsonObservation> = { json: 'dyn' };

export const jsonParser: Parser<'json', JsonObservation> = {
  name: 'json',
  read: parseJson,
  type: 'Json',
  types: { Json: fields },
};
