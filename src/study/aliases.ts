import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Alias,
  type Document,
  type Node,
} from 'yaml';

/** Aliases may repeat this many nodes in all; more is taken for an explosion (a 'billion laughs' file). */
const maxRepeatedNodes = 20_000;
/** Each alias is looked for in the whole document above it. */
const maxAliases = 1000;

export interface AliasFault {
  /** In the file's text. */
  readonly offset: number;
  readonly message: string;
}

/** Aliases that name nothing, that lie in what they name, or that explode; merge keys that merge what is no map. */
export function aliasFaults(document: Document): AliasFault[] {
  const faults: AliasFault[] = [];
  const weights = new Map<Node, number>();
  let [repeated, count] = [0, 0];
  visit(document, {
    Alias: (_, alias, path) => {
      const fault = (message: string): void => void faults.push({ offset: alias.range?.[0] ?? 0, message });
      if (++count > maxAliases) {
        fault(`there are more than ${maxAliases} aliases`);
        return visit.BREAK;
      }
      const target = alias.resolve(document);
      if (target === undefined) fault(`there is no anchor '&${alias.source}' above`);
      else if (path.includes(target)) fault(`'*${alias.source}' stands in what it names`);
      else {
        weights.set(alias, weightOf(target, weights));
        const before = repeated;
        repeated += weightOf(target, weights);
        if (before <= maxRepeatedNodes && repeated > maxRepeatedNodes) {
          fault(`the aliases up to here repeat more than ${maxRepeatedNodes} values`);
          return visit.BREAK;
        }
      }
      return undefined;
    },
    Pair: (_, pair) => {
      if (!isScalar(pair.key) || (pair.key.value !== '<<' && pair.key.source !== '<<')) return;
      const merged = resolved(pair.value as Node | null, document);
      const sources = isSeq(merged) ? (merged.items as Node[]) : [merged];
      const bad = sources.find((source) => !isMap(resolved(source, document)));
      // An alias that cannot be resolved is a fault of its own.
      if (bad === undefined || (isAlias(bad) && bad.resolve(document) === undefined)) return;
      faults.push({ offset: (pair.value as Node | null)?.range?.[0] ?? 0, message: "'<<' merges maps only" });
    },
  });
  return faults;
}

/** How many nodes stand at and below `node` with every alias in it written out; those below were weighed before. */
function weightOf(node: Node, weights: Map<Node, number>): number {
  const known = weights.get(node);
  if (known !== undefined) return known;
  let weight = 1;
  if (isCollection(node)) {
    for (const item of node.items) {
      const children = isPair(item) ? [item.key, item.value] : [item];
      for (const child of children as (Node | null)[]) if (child !== null) weight += weightOf(child, weights);
    }
  }
  weights.set(node, weight);
  return weight;
}

function resolved(node: Node | Alias | null | undefined, document: Document): Node | null {
  return (isAlias(node) ? node.resolve(document) : node) ?? null;
}
