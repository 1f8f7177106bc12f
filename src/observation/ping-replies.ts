import { isIP } from 'node:net';

import { refuse, refuseDamaged, refuseLine, wholeNumber, type Line, type Unread } from './reading.ts';
import type { PingFailure, PingReply } from './types.ts';

const reply =
  /^(?:\[\d+\.\d+\] )?(?<bytes>\d+) bytes from (?<from>\S+(?: \(\S+\))?): (?:icmp_)?(?:seq|req)=(?<sequence>\d+)(?: ident=\d+)? ttl=(?<ttl>\d+)(?: time=(?<time>\d+(?:\.\d+)?) ms)?(?<remarks>(?: \([A-Za-z !]+\))*)(?:\t\(same route\))?$/;
const failure =
  /^(?:\[\d+\.\d+\] )?From (?<from>\S+?(?: \(\S+\))?):? icmp_[rs]eq=(?<sequence>\d+) (?:ident=\d+ )?(?<reason>\S.*)$/;
/** inetutils and BSD, which do not say of which packet: `92 bytes from 10.2.0.1: Time to live exceeded`. */
const otherFailure = /^\d+ bytes from (?<from>\S+(?: \(\S+\))?): (?<reason>[A-Z].*)$/;
/** With -v, what else came in, which answers none of this ping's packets: `From 10.1.1.9: Timestamp`. */
const stray = /^(?:\[?\d+\.\d+\]? )?From \S+(?: \(\S+\))?: (?!icmp_)\S/;
const localFailure = /^(?:\S*\/)?ping6?: (?!warning)(?<reason>\S.*)$/i;
/** Stands below the reply that it is said of. */
const wrongData = /^wrong data byte .+$/;

export interface Replies {
  readonly replies: readonly PingReply[];
  /** How many had a wrong checksum: ping counts them as corrupted, not as received. */
  readonly corrupted: number;
}

/** The reply lines between the header and the title of the statistics; they stand nowhere else. */
export function readReplies(lines: readonly Line[], { first, last, isTimed }: Bounds, unread: Unread): Replies {
  const replies: PingReply[] = [];
  let corrupted = 0;
  const answered = new Set<number>();
  for (const line of lines) {
    if (wrongData.test(line.text)) remark(replies, line);
    if (!/\bbytes from\b/.test(line.text) || otherFailure.test(line.text)) continue;
    if (line.number < first.number || line.number > last.number) {
      refuse('a reply that does not stand between header and statistics', line);
    }
    const found = unread.attempt(line, () => readReply(line, isTimed, answered));
    if (found === 'corrupted') corrupted++;
    else if (found !== null) {
      replies.push(found);
      answered.add(found.sequence);
    }
  }
  return { replies, corrupted };
}

interface Bounds {
  readonly first: Line;
  readonly last: Line;
  readonly isTimed: boolean;
}

/** What speaks of packets, in words that are not known here, may be an answer or an error. */
const speaksOfPackets = /bytes from|icmp_|unreachable|exceeded|timed? ?out/i;
const knownLines = [
  reply,
  failure,
  otherFailure,
  stray,
  wrongData,
  /^(?:\S*\/)?ping6?: /i,
  /^WARNING: /,
  /^(?:\[\d+\.\d+\] )?no answer yet for icmp_seq=\d+$/,
  /^Request timeout for icmp_seq \d+$/,
];

/** Adds the lines of which it is not known what they say of the packets, and that nothing else has refused. */
export function addUnknown(lines: readonly Line[], unread: Unread): void {
  for (const line of lines.filter(({ text }) => speaksOfPackets.test(text))) {
    if (unread.has(line) || knownLines.some((known) => known.test(line.text))) continue;
    unread.add(line, `not a line of a ping that is known: ${line.text}`);
  }
}

function remark(replies: PingReply[], line: Line): void {
  const last = replies.pop() ?? refuse('wrong data of no reply', line);
  replies.push({ ...last, remark: joinRemarks([last.remark ?? '', line.text.trimEnd()]) });
}

/** `corrupted`: its checksum is wrong. */
function readReply(line: Line, isTimed: boolean, answered: ReadonlySet<number>): PingReply | 'corrupted' {
  const found = reply.exec(line.text)?.groups ?? refuseLine(line, 'a complete reply line');
  const remarks = [...(found['remarks'] ?? '').matchAll(/\((.+?)\)/g)].map(([, said = '']) => said);
  const hasTime = found['time'] !== undefined;
  // What came back was cut off, and with it the time of sending.
  const isTruncated = !hasTime && remarks.includes('truncated');
  if (hasTime !== isTimed && !isTruncated) refuseLine(line, 'a complete reply line');
  if (remarks.some((said) => said.startsWith('BAD CHECKSUM'))) return 'corrupted';
  const sequence = wholeNumber(found['sequence'], line);
  return {
    line: line.number,
    from: addressOf(found['from'], line),
    bytes: wholeNumber(found['bytes'], line),
    sequence,
    ttl: wholeNumber(found['ttl'], line),
    timeMs: hasTime ? Number(found['time']) : null,
    duplicate: remarks.includes('DUP!') || answered.has(sequence),
    remark: joinRemarks(remarks.filter((said) => said !== 'DUP!')),
  };
}

function joinRemarks(remarks: readonly string[]): string | null {
  return remarks.filter((said) => said !== '').join(', ') || null;
}

/** What ping says of itself: why it ended, where there are no statistics. Never a warning. */
export function isLocalFailure(line: Line): boolean {
  return localFailure.test(line.text) && !tellsSockets(line);
}

/** With -v, ping says what sockets it has, in two lines. */
export function tellsSockets({ text }: Line): boolean {
  return /^(?:\S*\/)?ping6?: sock\d?\.fd: |^ai->ai_family: |^$/.test(text);
}

/** A router's advice, which ping prints as it prints errors, but need not count (`ping4_parse_reply` of iputils). */
export function isAdvice({ reason }: PingFailure): boolean {
  return /^(?:Redirect|Source Quench)/.test(reason);
}

/** The errors, and a router's advice: see `isAdvice`. */
export function readFailure(line: Line): PingFailure[] {
  const remote = (failure.exec(line.text) ?? otherFailure.exec(line.text))?.groups;
  const local = isLocalFailure(line) ? localFailure.exec(line.text)?.groups : undefined;
  const isFrom = /^(?:\[?[\d.]+\]? )?From /.test(line.text) && !stray.test(line.text);
  if (isFrom && !remote) refuseLine(line, 'a complete line of an error');
  const reason = (remote ?? local)?.['reason'];
  if (reason === undefined) return [];
  refuseDamaged(line);
  return [
    {
      line: line.number,
      from: remote ? addressOf(remote['from'], line) : null,
      sequence: remote?.['sequence'] === undefined ? null : wholeNumber(remote['sequence'], line),
      reason,
    },
  ];
}

/** `10.1.1.1` of `host.example (10.1.1.1)`. */
function addressOf(from: string | undefined, line: Line): string {
  const address = from?.replace(/^\S+ \((\S+)\)$/, '$1') ?? '';
  return isIP(address) === 0 ? refuseLine(line, 'a line with the address of who answered') : address;
}
