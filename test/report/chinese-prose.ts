import type { Nodes, Root } from 'mdast';
import { nodesOf, parseMarkdown, sectionOf } from './markdown-tree.ts';

/** Without code, links, pictures' own content, and the column of the environment that quotes the guest and the host. */
function proseOf(tree: Nodes): string {
  switch (tree.type) {
    case 'code':
    case 'inlineCode':
    case 'link':
      return ' ';
    case 'image':
      return tree.alt ?? '';
    case 'html':
      return tree.value.replaceAll(/<[^>]*>/g, ' ');
    case 'text':
      return tree.value;
    default:
      return 'children' in tree
        ? tree.children.map(proseOf).join(tree.type === 'root' ? '\n' : tree.type === 'tableRow' ? ' | ' : '')
        : ' ';
  }
}

/** What a Chinese report says in its own words. */
export function chineseProse(markdown: string): string {
  const tree = parseMarkdown(markdown);
  const quoted = nodesOf(sectionOf(tree, '运行环境'), 'tableRow').map((row) => row.children[2]);
  const without = (node: Nodes): Nodes =>
    'children' in node
      ? ({ ...node, children: node.children.filter((child) => !quoted.includes(child as never)).map(without) } as Nodes)
      : node;
  return proseOf(without(tree) as Root)
    .split('\n')
    .filter((line) => !line.startsWith('English: '))
    .join('\n');
}
