import type { HostSettings } from './settings.ts';

/** Which machine it is and how it is reached, as a sentence for hints. Nothing of it may come into a record. */
export function describeMachine(settings: HostSettings): string {
  const which = settings.isBetween ? 'The machine between' : 'The machine';
  return `${which}: ${place(settings)} (\`${settings.command}\`)${describeWay(settings)}.`;
}

/** `, through root at 192.0.2.1, port 22`; empty for a machine that is reached directly. */
function describeWay({ way }: HostSettings): string {
  switch (way.kind) {
    case 'direct':
      return '';
    case 'jump':
      return `, through ${place(way.over)}${describeWay(way.over)}`;
    case 'proxy':
      return `, by the ProxyCommand \`${way.line}\``;
  }
}

function place({ user, hostName, port }: HostSettings): string {
  return `${user} at ${hostName}, port ${port}`;
}
