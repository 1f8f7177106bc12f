import type { Topology } from '../observation/topology.ts';
import type { Figure } from './figure.ts';
import { englishLabels, type FigureLabels } from './labels.ts';
import { drawTopology } from './topology-drawing.ts';
import { layOutTopology } from './topology-layout.ts';
import { topologyText } from './topology-text.ts';

export interface TopologyFigure {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  /**
   * The root namespace as a box of its own: always, or (`auto`, the default) only when it has a part in the network
   * drawn, as an end of a pair or a bridge; otherwise the host's devices are listed in small below.
   */
  readonly rootNamespace?: 'auto' | 'box';
  readonly labels?: FigureLabels;
}

/** Draws the host as a box, its namespaces within, their devices, and the veth pairs that join them. */
export function renderTopology(topology: Topology, figure: TopologyFigure): Figure {
  const { title, rootNamespace = 'auto', labels = englishLabels } = figure;
  const text = topologyText(topology, labels);
  const layout = layOutTopology(topology, { title, rootNamespace, labels });
  return { svg: drawTopology({ layout, title, description: text }), text };
}
