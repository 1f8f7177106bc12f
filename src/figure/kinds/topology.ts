import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import { withoutIgnored } from '../../observation/leave-out.ts';
import { figureKind } from './kind.ts';
import { arrangementOf, networkKeys } from './network-keys.ts';

/** The network as it was observed under one name. */
export const topology = figureKind({
  name: 'topology',
  keys: {
    topology: captureId.describe('Draw the network observed under this name.'),
    routes: z
      .enum(['words', 'arrows'])
      .optional()
      .describe('How the routes of a topology are shown; in words when left out.'),
    ...networkKeys,
  },
  references: (figure) => [{ name: figure.topology, path: ['topology'], to: { is: 'topology', words: 'topology' } }],
  expectation: { of: 'topology' },
  form: 'drawing',

  async draw(figure, sources, { title, labels }) {
    const network = sources.topology(figure.topology);
    if (network === null) return { lacks: figure.topology, because: null };
    const { renderTopology } = await import('../topology/render.ts');
    return renderTopology(withoutIgnored(network, figure.ignore ?? []), {
      ...{ title, labels, ...(figure.routes && { routes: figure.routes }) },
      arranged: arrangementOf(figure),
    });
  },
});
