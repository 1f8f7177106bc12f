import { refuse, type Line } from './reading.ts';

/** Beginnings of a state in the second column of `ip -br`: see `oper_states` in iproute2's ip/ipaddress.c. */
const brief = /^\S+ +(?:UP|DOWN|UNKNOWN|DORMANT|TESTING|LOWERLAYERDOWN|NOTPRESENT)(?: |$)/;

/**
 * Refuses what options of ip have made of a capture, in words that name them: it holds less than the parsers need, or
 * several outputs in one.
 */
export function refuseOptions(lines: readonly Line[]): void {
  const coloured = lines.find(({ text }) => text.includes('\x1b['));
  if (coloured) refuse('holds colours (ip -c, or COLORTERM with a terminal): capture it without them', coloured);
  const [first] = lines;
  if (first && /^[[{][\s[{\]}]*(?:"|$)/.test(first.text)) refuse('is JSON (ip -j): capture it without -j', first);
  const namespace = lines.find(({ text }) => /^netns: \S/.test(text));
  if (namespace) {
    refuse('holds what several namespaces gave (ip -all netns exec): capture each by itself', namespace);
  }
}

/** The same of `ip address` and `ip link`; and what `ifconfig` prints. */
export function refuseLinkOptions(lines: readonly Line[]): void {
  refuseOptions(lines);
  const [first] = lines;
  if (!first) return;
  if (brief.test(first.text)) {
    refuse('is brief (ip -br), which leaves out indexes, MTUs and more: capture it without -br', first);
  }
  const oneLined = lines.find(({ text }) => /^\d+: .*\\ /.test(text));
  if (oneLined) refuse('has each device on one line (ip -o): capture it without -o', oneLined);
  if (/^\S+ +Link encap:|^\S+: flags=\d+</.test(first.text)) {
    refuse('is what ifconfig prints: capture ip address', first);
  }
}
