import { z } from 'zod';
import { deviceName, namespaceName } from '../core/names.ts';
import { text } from './schema-text.ts';

/** A drawing of a network as a study writes it, with which one that was observed is compared. */

const drawnEnd = z.strictObject({
  namespace: namespaceName.describe('The namespace in which it is; `host`: the root namespace.'),
  device: deviceName.describe('The device.'),
});

const drawnDevice = z.strictObject({
  name: deviceName.describe('Its name.'),
  kind: text.describe('veth, tap, bridge, vlan, loopback, ethernet …'),
  master: deviceName.optional().describe('The bridge, or the like, that it is a port of.'),
  vlan: z
    .strictObject({
      protocol: z.enum(['802.1Q', '802.1ad']).optional().describe('802.1Q when left out.'),
      id: z.int().min(0).max(4095).describe('The id of the VLAN.'),
    })
    .optional()
    .describe('The tag of a `vlan`; 802.1Q when left out.'),
  on: drawnEnd.optional().describe('The device that a VLAN, macvlan or ipvlan stands on.'),
  addresses: z
    .array(text)
    .optional()
    .describe('As 10.1.1.1/24. Left out where the drawing has none: mask `addresses`.'),
  up: z.boolean().optional().describe('false: not started. Left out where the drawing does not say: mask `carrier`.'),
  carrier: z.boolean().optional().describe('Left out where the drawing does not say: mask `carrier`.'),
  vlanFiltering: z.boolean().optional().describe('Of a bridge: whether it keeps VLANs apart.'),
  vlans: z
    .array(
      z.strictObject({
        id: z.int().min(1).max(4094).describe('The id, or the first one of a range.'),
        to: z.int().min(1).max(4094).optional().describe('The last one of a range.'),
        pvid: z.boolean().optional().describe('Frames that come in without a tag belong to it.'),
        untagged: z.boolean().optional().describe('Its frames go out without a tag.'),
      }),
    )
    .optional()
    .describe('The VLANs of a port of a bridge, or of the bridge itself.'),
  qdiscs: z
    .array(text)
    .optional()
    .describe(
      'As `netem delay 10ms loss 1%`: the kind and the parameters, as tc prints them; without what tc adds by itself.',
    ),
  tunnel: z
    .strictObject({
      local: text.optional().describe('The address at this end.'),
      remote: text.optional().describe('The address at the other end.'),
      id: z.int().min(0).optional().describe('The VNI, or the key.'),
    })
    .optional()
    .describe('The ends of a tunnel, and its VNI or key. What it leaves out: mask `tunnels`.'),
});

const drawnChain = z
  .strictObject({
    family: z.enum(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']).describe('Which packets it sees.'),
    table: text.describe('The table that it is in.'),
    name: text.describe('Its name.'),
    hook: text.optional().describe('`forward`, `postrouting` …; left out of a chain that only other chains lead to.'),
    policy: z.enum(['accept', 'drop']).optional().describe('What happens to a packet that no rule speaks of.'),
    rules: z.array(text).optional().describe('As `nft list ruleset` or iptables-save prints them.'),
  })
  .describe('A chain of a packet filter.');

export const drawnTopology = z
  .strictObject({
    namespaces: z
      .array(
        z.strictObject({
          name: namespaceName.describe('`host`: the root namespace.'),
          devices: z.array(drawnDevice).describe('Its devices.'),
          routes: z
            .array(
              z.strictObject({
                destination: text.describe('`10.1.1.0/24`, `default`, or a bare host address.'),
                via: text.optional().describe('The gateway.'),
                device: deviceName.describe('The device by which packets leave.'),
              }),
            )
            .optional()
            .describe('Its routes. Left out where the drawing has none: mask `routes`.'),
          forwarding: z.boolean().optional().describe('Whether it passes on IPv4 packets.'),
          forwarding6: z.boolean().optional().describe('The same of IPv6.'),
          chains: z.array(drawnChain).optional().describe('Those that have a rule, or drop what no rule speaks of.'),
        }),
      )
      .describe('The namespaces that are drawn.'),
    pairs: z
      .array(z.tuple([drawnEnd, drawnEnd]))
      .optional()
      .describe('The veth pairs, each by its two ends.'),
  })
  .describe(
    'A drawing as data: which device is in which namespace, and what links them. VLANs, qdiscs, tunnels, forwarding and chains ' +
      'are compared each only where the drawing says anything of them. A drawing that has `host` need not have the ' +
      "machine's own cards.",
  );

export type DrawnTopology = z.infer<typeof drawnTopology>;
