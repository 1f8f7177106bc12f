import { RE2JS } from 're2js';
import type { Study } from '../study/schema.ts';

/** The masks of a study's own, by name, ready to be applied. */
export type OwnMasks = ReadonlyMap<string, { readonly pattern: RE2JS; readonly shown: string }>;

export const noOwnMasks: OwnMasks = new Map();

export function ownMasksOf({ masks = {} }: Study): OwnMasks {
  return new Map(
    Object.entries(masks).map(([name, { pattern, shown }]) => [name, { pattern: RE2JS.compile(pattern), shown }]),
  );
}

/** A line with what stands for the finds of a pattern, and the finds. */
export function replaceFinds(
  line: string,
  { pattern, shown }: { readonly pattern: RE2JS; readonly shown: string },
): { readonly text: string; readonly finds: readonly string[] } {
  const finds: string[] = [];
  let [text, at] = ['', 0];
  const matcher = pattern.matcher(line);
  while (matcher.find()) {
    if (matcher.end() === matcher.start()) continue;
    text += line.slice(at, matcher.start()) + shown;
    finds.push(line.slice(matcher.start(), matcher.end()));
    at = matcher.end();
  }
  return { text: text + line.slice(at), finds };
}
