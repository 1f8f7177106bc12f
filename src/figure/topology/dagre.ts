import * as untyped from '@dagrejs/dagre';

/**
 * What is used of dagre. Its own declarations (3.1.3) import each other without file extensions, which TypeScript does
 * not resolve in an ES module, so that all of it would be `any`.
 */
export interface DagreGraph {
  setGraph(options: { rankdir: 'LR'; nodesep: number; edgesep: number; ranksep: number }): void;
  setNode(name: string, size: { width: number; height: number }): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  /** After `layout`: the size of the whole. */
  graph(): { width: number; height: number };
  /** After `layout`: the middle of the node. */
  node(name: string): { x: number; y: number; width: number; height: number };
  /** After `layout`: where the edge leaves, bends and arrives. */
  edge(from: string, to: string, name: string): { points: { x: number; y: number }[] };
}

interface Dagre {
  readonly Graph: new (options: { multigraph: boolean }) => DagreGraph;
  /** `disableOptimalOrderHeuristic`: nodes of a column stay in the order in which they were set. */
  readonly layout: (graph: DagreGraph, options: { disableOptimalOrderHeuristic: boolean }) => void;
}

export const { Graph, layout } = untyped as unknown as Dagre;
