import { plotLine, plotLineHeight, type Ink, type PlotShape } from './shapes.ts';
import type { Point } from '../svg/geometry.ts';
import type { SceneItem, SceneMark } from './vega.ts';

/** The shapes of a scene. A mark's fill is not a colour but the name of its ink. */
export function sceneShapes(mark: SceneMark, origin: Point = { x: 0, y: 0 }): PlotShape[] {
  return mark.items.flatMap((item) => {
    const place = { x: origin.x + (item.x ?? 0), y: origin.y + (item.y ?? 0) };
    if (mark.marktype === 'group') return (item.items ?? []).flatMap((inner) => sceneShapes(inner, place));
    return itemShapes(mark, item, { origin, place });
  });
}

function itemShapes(
  { marktype, role }: SceneMark,
  item: SceneItem,
  { origin, place }: { readonly origin: Point; readonly place: Point },
): PlotShape[] {
  switch (marktype) {
    case 'rule': {
      const dx = origin.x + (item.x2 ?? item.x ?? 0) - place.x;
      const dy = origin.y + (item.y2 ?? item.y ?? 0) - place.y;
      return [{ kind: 'rule', role: role === 'axis-grid' ? 'grid' : 'axis', ...place, dx, dy }];
    }
    case 'rect':
      return [{ kind: 'bar', ink: item.fill as Ink, ...place, width: item.width ?? 0, height: item.height ?? 0 }];
    case 'symbol':
      return [{ kind: 'packet', ink: item.fill as Ink, ...place, radius: Math.sqrt(item.size ?? 0) / 2 }];
    case 'text':
      return tick(item, place);
    default:
      throw new RangeError(`a plot has no ${marktype}`);
  }
}

/** The label of a tick; those that a logarithmic axis leaves out are empty. */
function tick({ text = '', align = 'left', baseline }: SceneItem, { x, y }: Point): PlotShape[] {
  if (text === '') return [];
  const top = baseline === 'middle' ? y - plotLineHeight('tick') / 2 : y;
  return [plotLine('tick', text, { x, y: top, align: align === 'right' ? 'right' : 'middle' })];
}
