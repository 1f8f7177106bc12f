import { shellQuote } from '../core/shell.ts';
import type { Makes } from '../study/schema.ts';

/**
 * rf_topology of probes.sh as it is on a machine of the user's: of what that has, only what the study makes, and the
 * loopback device, is observed. The rest is nobody's business.
 */
export function borrowedTopology({ namespaces, devices }: Makes): string {
  const [anyNamespace, anyDevice] = [namespaces, devices].map(
    (names) => `(${names.join('|').replaceAll('.', '\\.')})`,
  ) as [string, string];
  const shown = ['lo', ...devices].join(' ');
  const probes = {
    namespaces: `ip netns list | grep -E '^${anyNamespace}( |$)'`,
    address: `for device in ${shown}; do ip -d address show dev "$device" 2>/dev/null; done`,
    routes: `ip route | grep -E ' dev ${anyDevice}( |$)'`,
    ids: `ip netns list-id | grep -E ' name: ${anyNamespace}[)]'`,
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
