import { jsonLine } from '../core/terminal.ts';
import type { ToldEvent } from '../run/events.ts';
import type { Output, Reporter, ReporterContext } from './reporter.ts';

/** Of the lines; docs/events.md says what makes it a new one. */
export const eventFormat = 1;

/** One JSON object a line, each an event as it is; the first has the format. */
class JsonReporter implements Reporter {
  readonly #raw: Output;
  #isFirst = true;

  constructor({ raw }: ReporterContext) {
    this.#raw = raw;
  }

  hear(event: ToldEvent): void {
    const line = this.#isFirst ? { format: eventFormat, ...event } : event;
    this.#isFirst = false;
    this.#raw.write(jsonLine(line));
  }
}

export function makeReporter(context: ReporterContext): Reporter {
  return new JsonReporter(context);
}
