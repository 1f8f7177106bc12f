import type { Figure } from './schema.ts';

/** The captures and topologies that a figure is drawn from. */
export function namesInFigure({ topology, strip, terminal, routeTable, rtt, loss }: Figure): string[] {
  return [topology ?? [], strip ?? [], terminal ?? [], routeTable ?? [], rtt ?? [], loss ?? []].flat();
}
