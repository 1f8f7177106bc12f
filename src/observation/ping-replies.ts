import { isIP } from 'node:net';

import { isDamaged, refuse, refuseLine, wholeNumber, type Line } from './reading.ts';
import type { PingFailure, PingReply } from './types.ts';

const reply =
  /^(?:\[\d+\.\d+\] )?(?<bytes>\d+) bytes from (?<from>\S+(?: \(\S+\))?): (?:icmp_)?seq=(?<sequence>\d+)(?: ident=\d+)? ttl=(?<ttl>\d+)(?: time=(?<time>\d+(?:\.\d+)?) ms)?(?<remarks>(?: \([A-Za-z !]+\))*)$/;
const failure = /^(?:\[\d+\.\d+\] )?From (?<from>\S+?(?: \(\S+\))?):? icmp_seq=(?<sequence>\d+) (?<reason>\S.*)$/;
const localFailure = /^(?:\S*\/)?ping6?: (?!warning)(?<reason>\S.*)$/i;
/** Stands below the reply that it is said of. */
const wrongData = /^wrong data byte .+$/;

export interface Replies {
  readonly replies: readonly PingReply[];
  /** How many had a wrong checksum: ping counts them as corrupted, not as received. */
  readonly corrupted: number;
}

/** The reply lines between the header and the title of the statistics; they stand nowhere else. */
export function readReplies(lines: readonly Line[], { first, last }: Bounds, isTimed: boolean): Replies {
  const replies: PingReply[] = [];
  let corrupted = 0;
  const answered = new Set<number>();
  for (const line of lines) {
    if (wrongData.test(line.text)) remark(replies, line);
    if (!/\bbytes from\b/.test(line.text)) continue;
    if (line.number < first.number || line.number > last.number) {
      refuse('a reply that does not stand between header and statistics', line);
    }
    const found = readReply(line, isTimed, answered);
    if (found === null) corrupted++;
    else replies.push(found);
    if (found !== null) answered.add(found.sequence);
  }
  return { replies, corrupted };
}

interface Bounds {
  readonly first: Line;
  readonly last: Line;
}

function remark(replies: PingReply[], line: Line): void {
  const last = replies.pop() ?? refuse('wrong data of no reply', line);
  replies.push({ ...last, remark: joinRemarks([last.remark ?? '', line.text.trimEnd()]) });
}

/** null: its checksum is wrong. */
function readReply(line: Line, isTimed: boolean, answered: ReadonlySet<number>): PingReply | null {
  const found = reply.exec(line.text)?.groups ?? refuseLine(line, 'a complete reply line');
  const remarks = [...(found['remarks'] ?? '').matchAll(/\((.+?)\)/g)].map(([, said = '']) => said);
  const hasTime = found['time'] !== undefined;
  // What came back was cut off, and with it the time of sending.
  const isTruncated = !hasTime && remarks.includes('truncated');
  if (hasTime !== isTimed && !isTruncated) refuseLine(line, 'a complete reply line');
  if (remarks.some((said) => said.startsWith('BAD CHECKSUM'))) return null;
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

export function readFailure(line: Line): PingFailure[] {
  const remote = failure.exec(line.text)?.groups;
  const local = localFailure.exec(line.text)?.groups;
  if (/^(?:\[[\d.]+\] )?From /.test(line.text) && !remote) refuseLine(line, 'a complete line of an error');
  const reason = (remote ?? local)?.['reason'];
  if (reason === undefined) return [];
  if (isDamaged(line)) refuse('holds bytes that are no text', line);
  return [
    {
      line: line.number,
      from: remote ? addressOf(remote['from'], line) : null,
      sequence: remote ? wholeNumber(remote['sequence'], line) : null,
      reason,
    },
  ];
}

/** `10.1.1.1` of `host.example (10.1.1.1)`. */
function addressOf(from: string | undefined, line: Line): string {
  const address = from?.replace(/^\S+ \((\S+)\)$/, '$1') ?? '';
  return isIP(address) === 0 ? refuseLine(line, 'a line with the address of who answered') : address;
}
