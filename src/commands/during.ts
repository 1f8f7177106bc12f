import type { RunEvent } from '../run/events.ts';

/** What is being done from this event on, as in 'Interrupted during …'; null for events that change nothing. */
export function duringOf(event: RunEvent): string | null {
  switch (event.kind) {
    case 'run-start':
      return event.asked === 'auto' ? 'the choice of a guest' : `the preparation of the guest ${event.asked}`;
    case 'boot':
      return event.phase === 'connecting' ? 'the connection to the guest' : 'the boot of the guest';
    case 'guest-ready':
      return 'the push of the scripts';
    case 'step-start':
      return `experiment ${event.experiment}, step ${event.step}`;
    case 'command-start':
      return `experiment ${event.experiment}, step ${event.step}, command: ${event.command}`;
    case 'part-start':
      return event.part === 'facts' ? 'the questions to the guest' : null;
    case 'report-start':
      return 'the report';
    default:
      return null;
  }
}
