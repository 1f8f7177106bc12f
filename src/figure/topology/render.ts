import type { Topology } from '../../observation/topology.ts';
import type { TopologyChange } from '../../observation/topology-changes.ts';
import type { Drawing } from '../svg/drawing.ts';
import { englishLabels, type FigureLabels } from '../labels.ts';
import { changeTexts } from './changes-text.ts';
import { drawTopology } from './draw.ts';
import { layOutTopology, type ArrangedAs } from './layout.ts';
import type { RouteStyle } from './style.ts';
import { topologyText } from './text.ts';

export interface TopologyOptions {
  /** Above the picture, and its accessible name. */
  readonly title: string;
  /**
   * The root namespace as a box of its own: always, or (`auto`, the default) only when it has a part in the network
   * drawn, as an end of a pair or a bridge; otherwise the host's devices are listed in small below.
   */
  readonly rootNamespace?: 'auto' | 'box';
  /** Routes as lines of words (the default), or as arrows to the devices by which they leave. */
  readonly routes?: RouteStyle;
  /**
   * What changed to make this topology (`topologyChanges`): marked where it shows, and said in words at the end of the
   * text alternative. Without it nothing is marked and nothing said; with an empty list it is said that nothing changed.
   */
  readonly changes?: readonly TopologyChange[];
  readonly labels?: FigureLabels;
  readonly arranged?: ArrangedAs;
}

/** Draws the host as a box, its namespaces within, their devices, and the veth pairs that join them. */
export function renderTopology(topology: Topology, figure: TopologyOptions): Drawing {
  const { title, rootNamespace = 'auto', routes = 'words', changes, labels = englishLabels, arranged = {} } = figure;
  const told = changes === undefined ? [] : changeTexts(changes, labels);
  const text = [topologyText(topology, labels, arranged.captions), ...told].join('\n');
  const layout = layOutTopology(topology, { title, rootNamespace, routes, changes: changes ?? [], labels, arranged });
  return { svg: drawTopology({ layout, title, description: text }), text };
}
