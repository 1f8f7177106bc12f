import fc from 'fast-check';

/** What may come from outside: texts and bytes that mean harm, or were damaged on the way. */

/** What is more than text somewhere: in a terminal, in Markdown, HTML, YAML, JSON, a shell, a path, a prototype. */
const pieces = [
  '\0',
  '\x07',
  '\r',
  '\n',
  '\t',
  '\x1b[2J',
  '\x1b]0;title\x07',
  '\x1b]52;c;aGVsbG8=\x07',
  '\x9b31m',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\ufffd',
  '\u2028',
  '\u{e0041}',
  '\ud800',
  '<script>alert(1)</script>',
  '<!--',
  ']]>',
  '&amp;',
  '`',
  '|',
  '](javascript:alert(1))',
  '"',
  "'",
  '\\',
  '{{x}}',
  '${x}',
  '$(x)',
  '../../etc/passwd',
  '/dev/zero',
  '__proto__',
  'constructor',
  'toString',
  '%s%n',
  '::error::x',
  '-1',
  '0',
  '1e400',
  'NaN',
  '99999999999999999999',
  'true',
  'null',
  '[]',
  '{}',
  '*a',
  '&a',
  '!!js/function',
  '- - - -',
  ': ',
  '#',
  ' ',
];

/** A few of these pieces, with any text between. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ arbitrary: fc.constantFrom(...pieces), weight: 3 }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

type Damage = (text: string) => string;

function cutAt(text: string, place: number): number {
  return Math.floor(place * (text.length + 1));
}

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const damage: fc.Arbitrary<Damage> = fc.oneof(
  // Something put in.
  fc.tuple(place, hostileText).map(([at, piece]): Damage => (text) => {
    const cut = cutAt(text, at);
    return text.slice(0, cut) + piece + text.slice(cut);
  }),
  // Something lost.
  fc.tuple(place, fc.nat(40)).map(([at, length]): Damage => (text) => {
    const cut = cutAt(text, at);
    return text.slice(0, cut) + text.slice(cut + length);
  }),
  // The end lost.
  place.map(
    (at): Damage =>
      (text) =>
        text.slice(0, cutAt(text, at)),
  ),
  // A number changed.
  fc
    .tuple(place, fc.constantFrom('0', '-1', '7', '999999999999', '1e9', '0x10'))
    .map(([at, number]): Damage => (text) => {
      const cut = cutAt(text, at);
      return text.slice(0, cut) + text.slice(cut).replace(/\d+/, number);
    }),
  // A word changed.
  fc.tuple(place, fc.constantFrom(...pieces)).map(([at, piece]): Damage => (text) => {
    const cut = cutAt(text, at);
    return text.slice(0, cut) + text.slice(cut).replace(/[\w-]+/, () => piece);
  }),
  // Lines twice, gone, or elsewhere.
  fc.tuple(place, place, fc.constantFrom('twice', 'gone', 'elsewhere')).map(([one, other, way]): Damage => (text) => {
    const lines = text.split('\n');
    const [from, to] = [Math.floor(one * lines.length), Math.floor(other * lines.length)];
    const line = lines[from] ?? '';
    if (way === 'gone') return lines.toSpliced(from, 1).join('\n');
    return (way === 'twice' ? lines : lines.toSpliced(from, 1)).toSpliced(to, 0, line).join('\n');
  }),
);

/** One of these texts, with a few damages; now and then none of them at all. */
export function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  const one = fc
    .tuple(fc.constantFrom(...texts), fc.array(damage, { minLength: 1, maxLength: 4 }))
    .map(([text, damages]) => damages.reduce((before, change) => change(before), text));
  return fc.oneof({ arbitrary: one, weight: 9 }, hostileText);
}

/** The same as bytes, some of which may be no UTF-8. */
export function damagedBytes(contents: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const changes = fc.array(fc.tuple(place, fc.constantFrom('put', 'set', 'cut', 'drop'), fc.nat(255), fc.nat(64)), {
    maxLength: 5,
  });
  const one = fc.tuple(fc.constantFrom(...contents), changes).map(([content, list]) =>
    list.reduce((before, [at, way, byte, length]) => {
      const cut = Math.floor(at * (before.length + 1));
      const [start, end] = [before.subarray(0, cut), before.subarray(cut)];
      if (way === 'cut') return start;
      if (way === 'drop') return Buffer.concat([start, end.subarray(length)]);
      return Buffer.concat([start, Buffer.of(byte), way === 'set' ? end.subarray(1) : end]);
    }, Buffer.from(content)),
  );
  return fc.oneof(
    { arbitrary: one, weight: 9 },
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
}

/** Some bytes in pieces, as they may arrive. */
export function inPieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0, nth = 0; at < bytes.length; nth++) {
    const size = sizes[nth % sizes.length] ?? bytes.length;
    found.push(bytes.subarray(at, at + size));
    at += size;
  }
  return found;
}

export const pieceSizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });

/** A value of JSON with something else in one or two of its places. */
export function changedJson(values: readonly unknown[]): fc.Arbitrary<unknown> {
  const other = fc.oneof(
    fc.constantFrom(null, [], {}, true, '', -1, 0.5, 1e308, Number.MAX_SAFE_INTEGER, ['x'], { __proto__: 1 }),
    hostileText,
    fc.jsonValue({ maxDepth: 2 }),
  );
  return fc
    .tuple(fc.constantFrom(...values), fc.array(fc.tuple(place, other), { minLength: 1, maxLength: 2 }))
    .map(([value, changes]) =>
      changes.reduce<unknown>((before, [at, by]) => {
        const places = placesIn(before);
        return replaced(before, places[Math.floor(at * places.length)] ?? [], by);
      }, value),
    );
}

type Place = readonly string[];

function placesIn(value: unknown, at: Place = []): Place[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [at, ...inner.flatMap(([key, each]) => placesIn(each, [...at, key]))];
}

function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  const inner = replaced((value as Record<string, unknown>)[key], rest, by);
  if (Array.isArray(value)) return (value as unknown[]).map((each, at) => (String(at) === key ? inner : each));
  return { ...(value as object), [key]: inner };
}
