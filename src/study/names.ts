import type { Figure, Step } from './schema.ts';

/** The captures of a step and its topology, by which claims and figures refer to them. */
export function namesInStep({ commands, topology }: Step): string[] {
  return [...(commands ?? []).map(({ capture }) => capture), topology].filter((name) => name !== undefined);
}

/** The captures and topologies that a figure is drawn from. */
export function namesInFigure({ topology, strip, terminal, routeTable, rtt, loss }: Figure): string[] {
  return [topology ?? [], strip ?? [], terminal ?? [], routeTable ?? [], rtt ?? [], loss ?? []].flat();
}
