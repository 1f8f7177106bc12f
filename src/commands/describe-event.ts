import type { RunEvent } from '../run/events.ts';

/** What is being done from this event on, as in 'Interrupted during …'; null for events that change nothing. */
export function describeEvent(event: RunEvent): string | null {
  switch (event.kind) {
    case 'boot':
      return event.phase === 'connecting' ? 'the connection to the guest' : 'the boot of the guest';
    case 'guest-ready':
      return 'the push of the scripts';
    case 'step-start':
      return `experiment ${event.experiment}, step ${event.step}`;
    case 'command-start':
      return `experiment ${event.experiment}, step ${event.step}, command: ${event.command}`;
    case 'facts-start':
      return 'the questions to the guest';
    default:
      return null;
  }
}

/** For the user alone: it names what the machine has. */
export function describeDifferences(differences: readonly string[]): string {
  const lines = differences.map((line) => `  ${line}\n`).join('');
  return (
    `Warning: what the study declares was removed, but the machine is not as it was before the run:\n${lines}` +
    `If nobody else has changed that meanwhile, the study makes more than it declares (\`makes\`).\n`
  );
}
