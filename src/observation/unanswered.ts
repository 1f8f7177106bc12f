import type { PingObservation } from './types.ts';

/** Whether a ping got no answer at all: all of its command's time was spent waiting for one. */
export function isUnanswered({ received }: PingObservation): boolean {
  return received === 0;
}

/**
 * Whether an unanswered ping says, and says nothing else, that the host is unreachable. Linux reports that of itself when
 * ARP has given up (net/ipv4/arp.c, `arp_error_report`), some 3 s after the first request; a router's ICMP message reads
 * the same, so on the link to the destination it means that ARP failed, elsewhere it need not. A ping that was ended
 * before ARP gave up is silent, and false here.
 */
export function saysUnreachable(ping: PingObservation): boolean {
  const { failures } = ping;
  return (
    isUnanswered(ping) &&
    failures.length > 0 &&
    failures.every(({ reason }) => reason === 'Destination Host Unreachable')
  );
}
