import type { Fields, Parser } from './parser.ts';
import { refuseLossy } from './json-scan.ts';
import { withEnd } from './pattern.ts';
import { reading, refuse, type Line } from './reading.ts';
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
    refuseLossy(plain, lines);
    try {
      return { kind: 'json', json: JSON.parse(plain) as unknown };
    } catch (error) {
      const [line, reason] = placeOf(error, plain, lines);
      return refuse(`is no JSON: ${reason}`, line);
    }
  });
}

/** V8 says `… at position 17`, and newer ones add `(line 2 column 3)`; of an end that comes too early it says no place. */
function placeOf(error: unknown, text: string, lines: readonly Line[]): readonly [Line | null, string] {
  const message = error instanceof Error ? error.message : String(error);
  const first = lines.find((line) => line.text.trim() !== '');
  if (first === undefined) return [null, 'it is empty'];
  if (!/^\s*[[{"\d-]/.test(first.text) && !/^\s*(?:true|false|null)\b/.test(first.text)) {
    return [first, `it begins with '${first.text.slice(0, 60)}'`];
  }
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Infinity);
  const end = text.trimEnd().length;
  if (position >= end) return [lineAt(end, text, lines), 'it ends too early'];
  return [lineAt(position, text, lines), message.split(' in JSON')[0] ?? message];
}

function lineAt(position: number, text: string, lines: readonly Line[]): Line | null {
  return lines[text.slice(0, position).split('\n').length - 1] ?? null;
}

const fields: Fields<JsonObservation> = { json: 'dyn' };

export const jsonParser: Parser<'json', JsonObservation> = {
  name: 'json',
  read: parseJson,
  type: 'Json',
  types: { Json: fields },
};
