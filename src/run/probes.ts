import { shellQuote } from '../core/shell.ts';
import type { Makes } from '../study/schema.ts';

/** What words of a study are cause to ask a network for: in a command, a script or a claim. */
const causes = {
  vlans: /\bbridge\s|vlan/i,
  qdiscs: /\btc\s|\.qdiscs\b/,
  nft: /\bnft\b|ip6?tables|\.chains\b|\bfirewall-cmd\b|\bufw\b/,
  iptables: /\biptables/,
  ip6tables: /\bip6tables/,
};

/** What is to be asked whatever `ip` shows; of `vlans` on a machine of the user's alone, where nobody looks at what it shows. */
export type Asks = readonly (keyof typeof causes)[];

/** `texts`: of the study and of all its scripts. */
export function asksOf(texts: readonly string[]): Asks {
  const names = Object.keys(causes) as (keyof typeof causes)[];
  return names.filter((name) => texts.some((text) => causes[name].test(text)));
}

/**
 * rf_topology of probes.sh as it is on a machine of the user's: of what that has, only what the study makes, and the
 * loopback device, is observed. The rest is nobody's business: neither whether the machine forwards, nor its firewall.
 */
export function borrowedTopology({ namespaces, devices }: Makes, asks: Asks): string {
  const [anyNamespace, anyDevice] = [namespaces, devices].map(
    (names) => `(${names.join('|').replaceAll('.', '\\.')})`,
  ) as [string, string];
  const shown = ['lo', ...devices].join(' ');
  const each = (command: string): string => `for device in ${shown}; do ${command} dev "$device" 2>/dev/null; done`;
  const probes = {
    namespaces: `ip netns list | grep -E '^${anyNamespace}( |$)'`,
    address: each('ip -d address show'),
    routes: `ip route | grep -E ' dev ${anyDevice}( |$)'`,
    ids: `ip netns list-id | grep -E ' name: ${anyNamespace}[)]'`,
    ...(asks.includes('vlans') && {
      vlans: `command -v bridge >/dev/null && { ${each('bridge -compressvlans vlan show')}; true; }`,
    }),
    ...(asks.includes('qdiscs') && {
      qdiscs: `qdiscs=$(tc qdisc) && { printf '%s\\n' "$qdiscs" | grep -E ' dev ${anyDevice} '; true; }`,
    }),
  };
  return [
    'rf_topology() {',
    ...Object.entries(probes).map(([id, command]) => `  rf_probe ${id} ${shellQuote(command)}`),
    `  for rf_namespace in ${namespaces.join(' ')}; do`,
    '    [ ! -e "/run/netns/$rf_namespace" ] || rf_look_into "$rf_namespace"',
    '  done',
    '}',
  ].join('\n');
}

/** Asks for the file that names the guest's release in the paper's terms; asked before the first step of a run. */
export function releaseProbe(releaseFile: string): string {
  return `rf_probe release ${shellQuote(`cat ${releaseFile}`)}`;
}
