import { z } from 'zod';
import type { FigureContent, FigureKind } from './kind.ts';
import * as table from './table.ts';

type Table = typeof table;
type ContentOf<Kind> = Kind extends FigureKind<infer Name, infer Keys> ? FigureContent<Name, Keys> : never;

/** What a figure of any kind says in the keys of its kind: a union, told apart by `kind`. */
export type AnyContent = ContentOf<Table[keyof Table]>;

const kinds: ReadonlyMap<string, FigureKind> = new Map(Object.values(table).map((kind) => [kind.name, kind]));

/** In the order of messages. */
export const kindNames: readonly string[] = [...kinds.keys()];

/** The keys of all kinds: each is optional in a figure, whose kind only its own keys tell. */
export const kindKeys: z.ZodRawShape = Object.fromEntries(
  [...kinds.values()].flatMap(({ keys }) => Object.entries(keys).map(([key, schema]) => [key, optional(schema)])),
);

function optional(schema: z.core.$ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? schema : z.optional(schema);
}

export function kindOf({ kind }: { readonly kind: AnyContent['kind'] }): FigureKind {
  const found = kinds.get(kind);
  if (found === undefined) throw new RangeError(`there is no kind of figures '${kind}'`);
  return found;
}

/** The names of the kinds whose key a figure has: one, where the figure is right. */
export function kindsIn(figure: Readonly<Record<string, unknown>>): string[] {
  return kindNames.filter((name) => figure[name] !== undefined);
}
