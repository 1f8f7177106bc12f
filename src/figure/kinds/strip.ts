import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import type { TopologyPanel } from '../topology/strip.ts';
import { withoutIgnored } from '../../observation/leave-out.ts';
import { eachIn, figureKind } from './kind.ts';
import { arrangementOf, networkKeys } from './network-keys.ts';

/** The network after each of several steps, with what changed from one to the next. */
export const strip = figureKind({
  name: 'strip',
  keys: {
    strip: z.array(captureId).min(2).describe('Draw these topologies as a strip, what changed marked.'),
    ...networkKeys,
  },
  references: (figure) => eachIn('strip', figure.strip, { is: 'topology', words: 'topology' }),
  expectation: { of: 'nothing' },
  form: 'drawing',

  async draw(figure, sources, { title, labels }) {
    const panels: TopologyPanel[] = [];
    for (const name of figure.strip) {
      const network = sources.topology(name);
      if (network === null) return { lacks: name, because: null };
      panels.push({ title: sources.stepTitle(name), topology: withoutIgnored(network, figure.ignore ?? []) });
    }
    const { renderTopologyStrip } = await import('../topology/strip.ts');
    return renderTopologyStrip(panels, { title, labels, arranged: arrangementOf(figure) });
  },
});
