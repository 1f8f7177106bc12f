import type { ToldEvent } from '../run/events.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { differencesText, downloadText, keptText } from './words.ts';

/** Only what the user must know. Errors are printed where they are caught; a large download is not begun in silence. */
export function makeReporter({ stdout, stderr }: ReporterContext): Reporter {
  return {
    hear(event: ToldEvent): void {
      switch (event.kind) {
        case 'download-start':
          if (event.unasked) stderr.write(`${downloadText(event)}\n`);
          break;
        case 'machine-differs':
          stderr.write(differencesText(event.differences));
          break;
        case 'kept':
          stdout.write(keptText(event));
          break;
        default:
          break;
      }
    },
  };
}
