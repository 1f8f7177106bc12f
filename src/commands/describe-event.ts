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
