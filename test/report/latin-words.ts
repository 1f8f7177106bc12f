/**
 * The rule for the Chinese report: outside code, links and what programs printed, a word of Latin letters is allowed when
 * it is a name on this list, or an identifier, which has a digit (ns0, tap1, 10.1.1.0/24, 2.2-2). Everything else is
 * English prose.
 */
const names = new Set(
  [
    'TAP',
    'Veth',
    'Pair',
    'IP',
    'ICMP',
    'ARP',
    'MAC',
    'SSH',
    'SHA',
    'CPU',
    'ping',
    'ip',
    'route',
    'netns',
    'iputils',
    'dushixiang',
  ]
    .concat(['Linux', 'CentOS', 'Debian', 'Dropbear', 'OpenSSH', 'Node', 'Refigure', 'embedded', 'REACHABLE'])
    .map((name) => name.toLowerCase()),
);

/** The words of a Chinese text that break the rule. */
export function latinWords(text: string): string[] {
  const words = text.match(/[A-Za-z][\w.:/+-]*/g) ?? [];
  return words
    .map((word) => word.replace(/[.:/+-]+$/, ''))
    .filter((word) => !/\d/.test(word) && word.split('-').some((part) => !names.has(part.toLowerCase())));
}
