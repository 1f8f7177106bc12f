import type { FigureLabels } from '../labels.ts';
import type { Mark } from './marks.ts';
import type { Rectangle } from '../svg/geometry.ts';
import { lineHeight, textLine, textWidth, type FrameRole, type Shape } from './shapes.ts';

const paddingX = 5;
const badgeHeight = lineHeight('badge');
/** How far a badge on a frame's upper edge reaches into it: less than the padding of any frame. */
const overlap = 3;
const fromRightEdge = 8;
/** From a frame to the ring around it. */
const ringGap = 3.5;

export function badgeWidth(mark: Mark, labels: FigureLabels): number {
  return textWidth('badge', labels[mark]) + 2 * paddingX;
}

/** A word in a pill; `x` and `y` are its upper left corner. */
export function badge(mark: Mark, x: number, y: number, labels: FigureLabels): Shape[] {
  return [
    { kind: 'pill', x, y, width: badgeWidth(mark, labels), height: badgeHeight },
    textLine('badge', labels[mark], { x: x + paddingX, y }),
  ];
}

/** What stands out on a frame at 0,0: a ring around it, unless it is gone, and the word on its upper edge. */
export function markedFrame(
  mark: Mark | null,
  { role, width, height }: { readonly role: FrameRole } & Pick<Rectangle, 'width' | 'height'>,
  labels: FigureLabels,
): Shape[] {
  if (mark === null) return [];
  const ring: Shape = {
    kind: 'ring',
    role,
    x: -ringGap,
    y: -ringGap,
    width: width + 2 * ringGap,
    height: height + 2 * ringGap,
  };
  const word = badge(mark, width - badgeWidth(mark, labels) - fromRightEdge, overlap - badgeHeight, labels);
  return mark === 'isGone' ? word : [ring, ...word];
}
