import { z } from 'zod';
import { namespaceName, placeName } from '../../core/names.ts';
import type { ArrangedAs } from '../topology/layout.ts';

/** How a network is shown, whatever it is. */
export const networkKeys = {
  ignore: z
    .array(placeName)
    .min(1)
    .optional()
    .describe('What is neither drawn nor compared: a namespace, or a device of it, as `host/eth0`.'),
  order: z.array(namespaceName).min(2).optional().describe('Namespaces from left to right; others come after them.'),
  layers: z
    .array(z.array(namespaceName).min(1))
    .min(2)
    .optional()
    .describe('Namespaces in layers from the top down, each from left to right; others come below them.'),
  labels: z
    .record(namespaceName, z.string().min(1))
    .optional()
    .describe('What a namespace stands for, by its name: said beside that.'),
};

/** What of the figure's keys a drawing takes. */
export function arrangementOf(figure: {
  readonly order?: readonly string[] | undefined;
  readonly layers?: readonly (readonly string[])[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}): ArrangedAs {
  const { order, layers, labels } = figure;
  return { ...(order && { order }), ...(layers && { layers }), ...(labels && { captions: labels }) };
}
