import { failureOf } from '../core/errors.ts';
import { withScope } from '../core/scope.ts';
import { chooseReporters, makeReporters, processContext } from '../reporter/reporters.ts';
import { EventStream } from '../run/event-stream.ts';
import { askConsent, type Consent } from './consent.ts';
import { duringOf } from './during.ts';
import type { Interrupts } from './interrupts.ts';
import { rerun } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';

/** `refigure run`. Who tells of it hears how it ended, too; the error itself is the caller's. */
export async function runCommand(path: string, options: RunCommandOptions, interrupts: Interrupts): Promise<number> {
  const context = processContext();
  const names = chooseReporters(options, context);
  const reporters = await makeReporters(names, context);
  const events = new EventStream();
  const sealed: string[] = [];
  events.listen((event) => {
    interrupts.during = duringOf(event) ?? interrupts.during;
    if (event.kind === 'run-end') sealed.push(event.folder);
  });
  events.listen(reporters.hear);
  const consent = async (what: string): Promise<Consent> => {
    await reporters.settled(); // what is drawn must not run into the question
    const output = names.some((name) => name === 'list' || name === 'plain') ? process.stdout : process.stderr;
    return askConsent(what, output, interrupts.signal);
  };
  try {
    const status = await withScope((scope) => rerun(path, options, { events, consent, interrupts, scope }));
    events.tell({ kind: 'exit', status, failure: null });
    return status;
  } catch (thrown) {
    const error = await interrupts.causeOf(thrown);
    const failure = failureOf(error);
    events.tell({ kind: 'exit', status: failure.exitStatus, failure });
    await reporters.close();
    for (const folder of sealed) context.stderr.write(`The evidence is in ${folder}.\n`);
    throw error;
  } finally {
    await reporters.close();
  }
}
