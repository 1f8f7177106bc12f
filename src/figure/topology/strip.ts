import type { Topology } from '../../observation/topology.ts';
import { topologyChanges } from '../../observation/topology-changes.ts';
import type { Drawing } from '../svg/drawing.ts';
import { englishLabels, type FigureLabels } from '../labels.ts';
import { changeTexts } from './changes-text.ts';
import { drawTopology } from './draw.ts';
import type { ArrangedAs } from './layout.ts';
import { layOutStrip } from './strip-layout.ts';
import type { RouteStyle } from './style.ts';
import { topologyText } from './text.ts';

/** The network after one step. */
export interface TopologyPanel {
  /** What the step does. */
  readonly title: string;
  readonly topology: Topology;
}

export interface TopologyStrip {
  /** Above the panels, and the picture's accessible name. */
  readonly title: string;
  /** Routes as arrows to the devices by which they leave (the default), or as lines of words. */
  readonly routes?: RouteStyle;
  readonly labels?: FigureLabels;
  readonly arranged?: ArrangedAs;
}

/**
 * Draws the network after each of several steps as a row of small numbered panels, which wraps; what changed since the
 * panel before is marked. The text alternative has the whole network of the first panel, then what each step changed.
 */
export function renderTopologyStrip(panels: readonly TopologyPanel[], strip: TopologyStrip): Drawing {
  const { title, routes = 'arrows', labels = englishLabels, arranged = {} } = strip;
  const told = panels.map((panel, index) => {
    const before = panels[index - 1];
    return { ...panel, changes: before === undefined ? [] : topologyChanges(before.topology, panel.topology) };
  });
  const text = told
    .flatMap(({ topology, changes, ...panel }, index) => [
      `${index + 1}. ${panel.title}`,
      ...(index === 0 ? [topologyText(topology, labels, arranged.captions)] : changeTexts(changes, labels)),
    ])
    .join('\n');
  const layout = layOutStrip(told, { title, routes, labels, arranged });
  return { svg: drawTopology({ layout, title, description: text }), text };
}
