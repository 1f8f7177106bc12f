import { reading, refuseLine } from './reading.ts';
import type { Qdisc } from './topology.ts';
import type { Reading } from './types.ts';

export interface QdiscsObservation {
  readonly kind: 'qdiscs';
  readonly qdiscs: readonly Qdisc[];
}

/** `qdisc netem 8001: dev red1-p root refcnt 2 limit 1000 delay 10ms loss 1%` */
const line =
  /^qdisc (?<kind>\S+) (?<handle>[0-9a-f]+:)(?: \[Unknown\S*\])? dev (?<device>\S+) (?:(?<root>root)|parent (?<parent>[0-9a-f]*:[0-9a-f]*))(?: offloaded)?(?: (?:in|e)gress_block \d+)*(?: refcnt \d+)?(?<options> .*)?$/;

/**
 * Reads `tc qdisc` (iproute2, tc/tc_qdisc.c, print_qdisc). Some kinds go on in lines that are set in; they are taken for
 * parameters. The handle 0: is of what the kernel attaches by itself (net/sched/sch_generic.c, attach_one_default_qdisc).
 */
export function parseQdiscs(text: string): Reading<QdiscsObservation> {
  return reading(text, (lines) => {
    const qdiscs: Qdisc[] = [];
    for (const each of lines) {
      const last = qdiscs.at(-1);
      if (/^\s/.test(each.text) && last !== undefined) {
        qdiscs.splice(-1, 1, { ...last, options: `${last.options} ${each.text.trim()}`.trim() });
        continue;
      }
      if (each.text.trim() === '') continue;
      const found = line.exec(each.text)?.groups ?? refuseLine(each, 'a qdisc');
      const { kind = '', handle = '', device = '', options = '' } = found;
      qdiscs.push({
        device,
        kind,
        handle,
        parent: found['root'] ?? found['parent'] ?? '',
        options: optionsOf(options),
        isDefault: handle === '0:',
      });
    }
    return { kind: 'qdiscs', qdiscs };
  });
}

/** An ingress qdisc has none, and prints a line of dashes in their place. */
function optionsOf(text: string): string {
  return text.replace(/^ -+ ?$/, '').trim();
}
