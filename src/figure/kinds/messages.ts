import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import type { Packet } from '../../observation/packets.ts';
import type { Message } from '../plot/messages/messages.ts';
import { figureKind } from './kind.ts';
import { pickedRuns, pickKeys, pickReferences } from './picked-runs.ts';

/** The packets of a capture, as arrows between those that sent them and those that they were for. */
export const messages = figureKind({
  name: 'messages',
  keys: {
    messages: z
      .strictObject({
        of: captureId.describe('A capture that is read into packets.'),
        ...pickKeys,
        order: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe('The endpoints, from the left; the others follow as they appear.'),
      })
      .describe('Draw the packets of a capture as a sequence diagram.'),
  },
  references: ({ messages: asked }) => [
    { name: asked.of, path: ['messages', 'of'], to: { is: 'capture', words: 'capture', parser: null } },
    ...pickReferences('messages', asked),
  ],
  expectation: { of: 'nothing' },
  form: 'drawing',

  async draw({ messages: asked }, sources, { title, labels }) {
    const { of, order = [] } = asked;
    const runs = pickedRuns(sources, of, asked);
    if ('lacks' in runs) return runs;
    const [run, ...others] = runs;
    if (others.length > 0)
      return { lacks: of, because: `it is of ${runs.length} runs: pick one by 'cell' and 'repeat'` };
    const observation = run?.observation;
    if (observation?.kind !== 'tcpdump') return { lacks: of, because: 'it is not read into packets (parse: tcpdump)' };
    const { packets } = observation;
    if (packets.length === 0) return { lacks: of, because: 'it has no packet' };
    const all = packets.map(messageOf);
    const found = new Set(all.flatMap(({ from, to }) => [from, to]));
    const endpoints = [...new Set([...order.filter((name) => found.has(name)), ...found])];
    const { mostEndpoints, renderMessages } = await import('../plot/messages/messages.ts');
    if (endpoints.length > mostEndpoints) {
      return {
        lacks: of,
        because: `it has ${endpoints.length} endpoints, and ${mostEndpoints} have room side by side`,
      };
    }
    return renderMessages({ title, labels, endpoints, messages: all });
  },
});

/** The end of a packet that tells none, as of one without addresses (`tcpdump` without `-e`). */
const unknownEnd = '?';

function messageOf({ time, source, destination, protocol, summary, length, vlan }: Packet): Message {
  const named = summary.toLowerCase().includes(protocol.toLowerCase()) ? summary : `${protocol} ${summary}`;
  const tag = vlan === null ? '' : `VLAN ${vlan}: `;
  return { time, from: source ?? unknownEnd, to: destination ?? unknownEnd, label: `${tag}${named}`, bytes: length };
}
