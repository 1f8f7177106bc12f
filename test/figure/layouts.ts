import type { ExecutionContext } from 'ava';
import { englishLabels } from '../../src/figure/labels.ts';
import { layOutTopology, type TopologyLayout, type TopologyLayoutOptions } from '../../src/figure/topology/layout.ts';
import type { Point, Rectangle } from '../../src/figure/svg/geometry.ts';
import type { Shape } from '../../src/figure/topology/shapes.ts';
import { touch } from '../../src/figure/topology/words.ts';
import { readTopology } from '../../src/observation/read-topology.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { probes } from '../observation/captures.ts';

export const title = 'A title that says what the picture shows';

export function layOut(topology: Topology, options: Partial<TopologyLayoutOptions> = {}): TopologyLayout {
  return layOutTopology(topology, { title, rootNamespace: 'auto', labels: englishLabels, ...options });
}

export function shapesOf<K extends Shape['kind']>({ shapes }: TopologyLayout, kind: K): Extract<Shape, { kind: K }>[] {
  return shapes.filter((shape): shape is Extract<Shape, { kind: K }> => shape.kind === kind);
}

/** The network that real captures show after a step. */
export function captured(scenario: string): Topology {
  const reading = readTopology(probes(scenario, '6.1.0'));
  if (reading.state !== 'read') throw new Error(reading.reason);
  return reading.topology;
}

/** No text lies on another, nothing leaves the picture, and no line that runs within a box goes through a text. */
export function assertReadable(t: ExecutionContext, layout: TopologyLayout): void {
  const texts = shapesOf(layout, 'text');
  for (const [index, text] of texts.entries()) {
    for (const other of texts.slice(index + 1)) t.false(touch(text, other), `'${text.text}' and '${other.text}'`);
  }
  for (const shape of layout.shapes) {
    for (const { x, y, width, height } of 'points' in shape ? shape.points.map(dot) : [extent(shape)]) {
      t.true(x >= 0 && x + width <= layout.width && y >= 0 && y + height <= layout.height, JSON.stringify(shape));
    }
  }
  for (const line of [...shapesOf(layout, 'arrow'), ...shapesOf(layout, 'wire')]) {
    for (const piece of pieces(line.points)) {
      const crossed = texts.filter((text) => touch(piece, text)).map(({ text }) => text);
      t.deepEqual(crossed, [], JSON.stringify(line));
    }
  }
}

function dot({ x, y }: Point): Rectangle {
  return { x, y, width: 0, height: 0 };
}

function extent(shape: Exclude<Shape, { readonly points: readonly Point[] }>): Rectangle {
  const { x, y } = shape;
  return { x, y, width: 'width' in shape ? shape.width : 0, height: 'height' in shape ? shape.height : 0 };
}

/** The level and the upright pieces of a line, each as the strip that it covers. */
export function pieces(points: readonly Point[]): Rectangle[] {
  return points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    return {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.max(Math.abs(to.x - from.x), 0.1),
      height: Math.max(Math.abs(to.y - from.y), 0.1),
    };
  });
}

/** The frame in which a text stands, the smallest where several do. */
export function frameAround(layout: TopologyLayout, text: Rectangle): Extract<Shape, { kind: 'frame' }> | undefined {
  return shapesOf(layout, 'frame')
    .filter((frame) => contains(frame, text))
    .sort((a, b) => a.width * a.height - b.width * b.height)[0];
}

export function contains(outer: Rectangle, inner: Rectangle): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** The frame of the `nth` text that says this. */
export function frameOf(layout: TopologyLayout, words: string, nth = 0): Extract<Shape, { kind: 'frame' }> {
  const text = shapesOf(layout, 'text').filter((shape) => shape.text === words)[nth];
  const frame = text && frameAround(layout, text);
  if (frame === undefined) throw new Error(`nothing framed says '${words}'`);
  return frame;
}
