import type { FigureLabels } from '../labels.ts';
import { lineHeight, textLine, textWidth, type Block, type Shape } from './shapes.ts';

/** How many colours there are for VLANs; the number stands in each tag, so that a print in grey loses nothing. */
export const hues = 7;

const paddingX = 5;
const tagGap = 4;
const wordGap = 6;
const rowGap = 3;
const tagHeight = lineHeight('badge');
/** Of more VLANs the last are left out and counted. */
const maxTags = 12;

/** Tags that go out of a port in one way, and the words for it. */
interface Group {
  readonly ids: readonly string[];
  readonly words: string;
}

/** `10 pvid untagged`, `20`: those that are treated alike stand together. */
function groupsOf(lines: readonly string[], labels: FigureLabels): Group[] {
  const groups = new Map<string, string[]>();
  for (const line of lines.slice(0, maxTags)) {
    const [id = '', ...flags] = line.split(' ');
    const how = flags.includes('untagged') ? labels.untagged : labels.tagged;
    // Frames without a tag come in to the VLAN by which they go out without one; what is otherwise is said.
    const isUsual = flags.includes('pvid') === flags.includes('untagged');
    const words = isUsual ? how : `${how}, ${flags.includes('pvid') ? 'PVID' : labels.noPvid}`;
    groups.set(words, [...(groups.get(words) ?? []), id]);
  }
  return [...groups].map(([words, ids]) => ({ words, ids }));
}

/** Width (px) that the tags would like: each group on a line of its own. */
export function tagsWidth(lines: readonly string[], labels: FigureLabels): number {
  return Math.max(0, ...groupsOf(lines, labels).map((group) => groupWidth(group, labels)));
}

function groupWidth({ ids, words }: Group, labels: FigureLabels): number {
  const tags = ids.reduce((sum, id) => sum + tagWidth(id) + tagGap, 0);
  return textWidth('kind', labels.vlan('').trimEnd()) + wordGap + tags - tagGap + wordGap + textWidth('kind', words);
}

function tagWidth(id: string): number {
  return textWidth('badge', id) + 2 * paddingX;
}

/** A port's VLANs: `VLAN`, a coloured tag for each, and how they go out; `isNew`: something of it is. */
export function vlanTags(
  lines: readonly string[],
  { width, isNew, labels }: { readonly width: number; readonly isNew: boolean; readonly labels: FigureLabels },
): Block {
  const shapes: Shape[] = [];
  let y = 0;
  for (const group of groupsOf(lines, labels)) {
    let x = 0;
    let right = 0;
    const top = y;
    const place = (room: number): void => {
      if (x > 0 && x + room > width) [x, y] = [0, y + tagHeight + rowGap];
    };
    const word = (text: string): void => {
      const room = textWidth('kind', text);
      place(room);
      shapes.push(textLine('kind', text, { x, y: y + (tagHeight - lineHeight('kind')) / 2 }));
      x += room + wordGap;
      right = Math.max(right, x - wordGap);
    };
    word(labels.vlan('').trimEnd());
    for (const id of group.ids) {
      const room = tagWidth(id);
      place(room);
      shapes.push({ kind: 'tag', hue: hueOf(id), x, y, width: room, height: tagHeight });
      shapes.push(textLine('badge', id, { x: x + paddingX, y }));
      x += room + tagGap;
      right = Math.max(right, x - tagGap);
    }
    x += wordGap - tagGap;
    word(group.words);
    if (isNew)
      shapes.unshift({ kind: 'highlight', x: -3, y: top - 1, width: right + 6, height: y + tagHeight - top + 2 });
    y += tagHeight + rowGap;
  }
  const left = lines.length - maxTags;
  if (left > 0) {
    shapes.push(textLine('kind', labels.more(left), { x: 0, y }));
    y += lineHeight('kind');
  }
  return { width, height: Math.max(0, y - rowGap), shapes, ports: new Map() };
}

/** By the first id, so that a VLAN has one colour in all pictures. */
function hueOf(id: string): number {
  return Number.parseInt(id, 10) % hues;
}
