import { isIP } from 'node:net';

import { isUnspecified, sameAddress } from './ip-address.ts';
import { refuse, refuseLine, wholeNumber, type Line } from './reading.ts';

/** What the first line of a ping says. */
export interface PingHeader {
  readonly line: Line;
  /** As it was typed: an address, or a name. */
  readonly host: string;
  readonly address: string;
  readonly source: string | null;
  /** Without the 8 bytes of the ICMP header. */
  readonly payloadBytes: number;
}

/**
 * `PING 10.1.1.2 (10.1.1.2) from 10.1.1.1 veth0: 56(84) bytes of data.`, `PING localhost(localhost (::1)) 56 data bytes`
 * and the like: `ping4_run` and `ping6_run` of iputils, `ping4` of busybox, `ping_echo` of inetutils
 * (with -v `…, id 0x1267 = 4711`).
 */
const header =
  /^PING (?<host>[^\s(]+) ?\((?:[^\s()]+ \()?(?<address>[^\s()]+)\)\)?:?(?<options>(?: .*)?) (?<size>\d+)(?:\((?<total>\d+)\))? (?:data )?bytes(?: of data\.)?(?:, id 0x[0-9a-f]+ = \d+)?$/;

/** The header of IPv4 is 20 bytes, with options (`-R`, `-T`) up to 60; that of ICMP is 8. */
const [leastOverhead, mostOverhead] = [28, 68];

export function readHeader(line: Line): PingHeader {
  const found = header.exec(line.text)?.groups;
  const { host = '', address = '', options = '' } = found ?? {};
  if (!found || isIP(address) === 0) return refuseLine(line, 'the first line of a ping');
  // 0.0.0.0 stands for this host, and iputils says which of its addresses that is.
  if (isIP(host) !== 0 && !isUnspecified(host) && !sameAddress(host, address)) {
    refuse(`contradicts itself: a ping of ${host} that asks ${address}`, line);
  }
  const payloadBytes = wholeNumber(found['size'], line);
  checkTotal(payloadBytes, found['total'], line);
  return { line, host, address, source: sourceIn(options, line), payloadBytes };
}

function checkTotal(payloadBytes: number, total: string | undefined, line: Line): void {
  if (total === undefined) return;
  const overhead = wholeNumber(total, line) - payloadBytes;
  if (overhead < leastOverhead || overhead > mostOverhead) {
    refuse(`contradicts itself: a packet of ${total} bytes for ${payloadBytes} of data`, line);
  }
}

function sourceIn(options: string, line: Line): string | null {
  const source = /(?:^|[ ,])from (\S+)/.exec(options)?.[1];
  if (source === undefined) return null;
  return isIP(source) === 0 ? refuseLine(line, 'the first line of a ping, with the address of its source') : source;
}
