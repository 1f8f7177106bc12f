import type { Point, Rectangle } from '../svg/geometry.ts';
import { lineHeightOf, linesThatFit, placeLine, widthOf, type LinePlace, type TextStyle } from '../svg/text-setting.ts';

/** Whether a device can carry packets, as the eye should see it. */
export type Liveness = 'up' | 'noCarrier' | 'down';

/** A ghost is of something that is no longer there. */
export type Tone = Liveness | 'ghost';

/** What a text in the picture is; `textStyles` says how it is set. */
export type TextRole =
  | 'title'
  | 'host'
  | 'name'
  | 'caption'
  | 'device'
  | 'state'
  | 'kind'
  | 'address'
  | 'route'
  | 'words'
  | 'question'
  | 'badge'
  | 'number';

export const textStyles: Readonly<Record<TextRole, TextStyle>> = {
  title: { size: 15, bold: true },
  host: { size: 13, bold: true },
  name: { size: 15, bold: true },
  caption: { size: 12, bold: false },
  device: { size: 14, bold: true },
  state: { size: 12, bold: false },
  kind: { size: 12, bold: false },
  address: { size: 13, bold: false },
  route: { size: 12, bold: false },
  words: { size: 12, bold: false },
  question: { size: 14, bold: true },
  badge: { size: 11, bold: true },
  number: { size: 13, bold: true },
};

/** What is drawn, in px from the picture's upper left corner. A text's rectangle is the room that it takes up. */
export type Shape =
  | (Rectangle & {
      readonly kind: 'text';
      readonly role: TextRole;
      readonly text: string;
      readonly tone: Tone | null;
    })
  | (Rectangle & {
      readonly kind: 'frame';
      readonly role: FrameRole;
      readonly tone: Tone | null;
    })
  /** Around a frame that is new or changed. */
  | (Rectangle & { readonly kind: 'ring'; readonly role: FrameRole })
  /** Behind words: that say what happened to a frame, or that are new themselves. */
  | (Rectangle & { readonly kind: 'pill' | 'highlight' })
  /** Behind the number of a VLAN, in a colour of its own. */
  | (Rectangle & { readonly kind: 'tag'; readonly hue: number })
  | (Point & { readonly kind: 'lamp'; readonly tone: Liveness })
  | (Point & { readonly kind: 'rule'; readonly width: number })
  /** Behind the number of a panel. */
  | (Point & { readonly kind: 'disc' })
  /** A cable: a straight start, curves through the points, a straight end. */
  | {
      readonly kind: 'link';
      readonly points: readonly Point[];
      readonly live: boolean;
      readonly isNew: boolean;
      readonly title: string;
    }
  /** From one end of a tunnel to the other, over the cables that carry it. */
  | { readonly kind: 'tunnel'; readonly points: readonly Point[]; readonly title: string }
  /** Within a box: what holds a bridge's ports together, and how a VLAN stands on its device. */
  | { readonly kind: 'wire'; readonly role: 'bus' | 'port' | 'lower'; readonly points: readonly Point[] }
  /** From a route to the device by which it leaves; the last point is the tip. */
  | {
      readonly kind: 'arrow';
      readonly points: readonly Point[];
      readonly live: boolean;
      readonly isChanged: boolean;
      readonly title: string;
    }
  /** Below the arrows: keeps them apart from what they cross. */
  | { readonly kind: 'halo'; readonly points: readonly Point[] }
  /** The open end of a cable, whose other end was not seen. */
  | (Point & { readonly kind: 'stub'; readonly length: number });

export type FrameRole = 'host' | 'namespace' | 'device' | 'route';

/** Shapes in coordinates of their own, to be put in place later, and where cables reach their devices. */
export interface Block {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly ports: ReadonlyMap<string, Port>;
}

export interface Port {
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

export function moved(shape: Shape, dx: number, dy: number): Shape {
  if (!('points' in shape)) return { ...shape, x: shape.x + dx, y: shape.y + dy };
  return { ...shape, points: shape.points.map(({ x, y }) => ({ x: x + dx, y: y + dy })) };
}

export function movedPorts(ports: ReadonlyMap<string, Port>, dx: number, dy: number): [string, Port][] {
  return [...ports].map(([name, { y, left, right }]) => [name, { y: y + dy, left: left + dx, right: right + dx }]);
}

export function lineHeight(role: TextRole): number {
  return lineHeightOf(textStyles[role]);
}

export function textWidth(role: TextRole, text: string): number {
  return widthOf(textStyles[role], text);
}

export interface Placement extends LinePlace {
  readonly tone?: Tone | null;
}

export function textLine(
  role: TextRole,
  text: string,
  { tone = null, ...place }: Placement,
): Extract<Shape, { kind: 'text' }> {
  return { kind: 'text', role, tone, ...placeLine(textStyles[role], text, place) };
}

/** A text broken into lines that fit `width` px. */
export function wrapped(role: TextRole, text: string, width: number): string[] {
  return linesThatFit(textStyles[role], text, width);
}
