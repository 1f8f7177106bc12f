import type { Fields, Parser } from './parser.ts';
import { refuseOptions } from './ip-options.ts';
import { reading, refuse, refuseDamaged, refuseLine, wholeNumber, type Line } from './reading.ts';
import type { NamespacesObservation, Reading } from './types.ts';

type NamespaceObservation = NamespacesObservation['namespaces'][number];

/** `nsid 0 (iproute2 netns name: ns0)`; without a name where the namespace has none in /run/netns. */
const idLine = /^nsid (\d+)(?: current-nsid \d+)?(?: \(iproute2 netns name: (\S(?:.*\S)?)\))?$/;
/**
 * `ns0`, or `ns0 (id: 0)` once the namespace that ip runs in has given it an id. A name may hold blanks, but then nothing
 * but the id tells it from a message.
 */
const nameLine = /^(\S+)(?: \(id: (\d+)\))?$/;
const blankNameLine = /^(\S.*\S) \(id: (\d+)\)$/;

/**
 * Reads `ip netns list` and `ip netns list-id`. No line at all is an empty list, and so is read. Ids count in the
 * namespace that the command ran in: the same id may mean another namespace elsewhere.
 */
export function parseNamespaces(text: string): Reading<NamespacesObservation> {
  return reading(text, (lines, unread) => {
    refuseOptions(lines);
    const namespaces = unread.each(lines, (line) => [readNamespace(line)]);
    refuseTwice(namespaces, lines);
    return { kind: 'namespaces', namespaces };
  });
}

function readNamespace(line: Line): NamespaceObservation {
  refuseDamaged(line);
  const text = line.text.trimEnd();
  const byId = idLine.exec(text);
  if (byId) return { line: line.number, name: byId[2] ?? null, id: wholeNumber(byId[1], line) };
  const [, name, id] = nameLine.exec(text) ?? blankNameLine.exec(text) ?? [];
  if (name === undefined && / /.test(text)) {
    refuseLine(line, 'a namespace (a message, or a name that holds a blank)');
  }
  if (name === undefined || name.includes('/')) return refuseLine(line, 'a namespace');
  return { line: line.number, name, id: id === undefined ? null : wholeNumber(id, line) };
}

/** One namespace may have two names, and so an id come twice beside names; each name and each line of ids is one's own. */
function refuseTwice(namespaces: readonly NamespaceObservation[], lines: readonly Line[]): void {
  const seen = new Set<string>();
  for (const { name, line: number } of namespaces) {
    const line = lines[number - 1];
    const listedId = line === undefined ? undefined : idLine.exec(line.text.trimEnd())?.[1];
    const own = listedId === undefined ? `name ${name ?? ''}` : `id ${listedId}`;
    if (seen.has(own)) refuse(`${own} comes twice`, line ?? null);
    seen.add(own);
  }
}

const namespacesFields: Fields<NamespacesObservation> = { namespaces: 'list<Namespace>' };

export const namespacesParser: Parser<'namespaces', NamespacesObservation> = {
  name: 'namespaces',
  read: parseNamespaces,
  type: 'Namespaces',
  types: { Namespace: { name: 'string', id: 'int' }, Namespaces: namespacesFields },
};
