import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Nodes, Root, Table } from 'mdast';

/**
 * A report as GitHub reads it. mdast-util-gfm looks for addresses a second time in text whose escapes are gone; cmark-gfm,
 * which GitHub uses, does not, so that pass is left out.
 */
export function parseMarkdown(text: string): Root {
  const mdastExtensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }));
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions });
}

/** Every node of a kind, in order. */
export function nodesOf<K extends Nodes['type']>(tree: Nodes, kind: K): Extract<Nodes, { type: K }>[] {
  const own = tree.type === kind ? [tree as Extract<Nodes, { type: K }>] : [];
  return 'children' in tree ? [...own, ...tree.children.flatMap((child) => nodesOf(child, kind))] : own;
}

/** What a reader sees of it as words; code as it stands. */
export function textOf(tree: Nodes): string {
  if ('value' in tree) return tree.type === 'html' ? tree.value.replaceAll(/<[^>]*>/g, '') : tree.value;
  return 'children' in tree ? tree.children.map(textOf).join('') : '';
}

export function cellsOf(table: Table): string[][] {
  return table.children.map((row) => row.children.map(textOf));
}

/** The part of a report below a heading, up to the next one of its depth or higher. */
export function sectionOf(tree: Root, heading: string): Root {
  const start = tree.children.findIndex((node) => node.type === 'heading' && textOf(node) === heading);
  if (start < 0) throw new Error(`there is no heading '${heading}'`);
  const first = tree.children[start];
  const depth = first?.type === 'heading' ? first.depth : 1;
  const rest = tree.children.slice(start + 1);
  const end = rest.findIndex((node) => node.type === 'heading' && node.depth <= depth);
  return { type: 'root', children: end < 0 ? rest : rest.slice(0, end) };
}

/** What no content may change: the blocks one after another, the headings' words, the HTML, the shape of tables. */
export function skeletonOf(tree: Root): string[] {
  return tree.children.map((node) => {
    switch (node.type) {
      case 'heading':
        return `${'#'.repeat(node.depth)} ${textOf(node)}`;
      case 'html':
        return node.value;
      case 'table':
        return `table ${node.children.map((row) => row.children.length).join(' ')}`;
      case 'code':
        return `code ${node.lang ?? ''}`;
      default:
        return node.type;
    }
  });
}
