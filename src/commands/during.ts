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
      return duringPart(event);
    case 'report-start':
      return 'the report';
    default:
      return null;
  }
}

/** A step that begins says more; of a guest by a virtual clock that may be seconds later. */
function duringPart(event: RunEvent & { readonly kind: 'part-start' }): string | null {
  switch (event.part) {
    case 'boot':
      return null; // its phases tell
    case 'examine':
      return 'the look at the machine';
    case 'push':
      return 'the push of the scripts';
    case 'experiment':
      return `experiment ${event.experiment}`;
    case 'facts':
      return 'the questions to the guest';
    case 'open':
      return 'the opening of the guest';
    case 'restore':
      return 'the clean-up of the machine';
    case 'stop':
      return 'the stop of the guest';
  }
}
