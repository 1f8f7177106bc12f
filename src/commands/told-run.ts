import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../core/errors.ts';
import { withHostFault } from '../core/host-fault.ts';
import { withScope } from '../core/scope.ts';
import { layout } from '../evidence/layout.ts';
import { chooseReporters, makeReporters, processContext, type ReporterOptions } from '../reporter/reporters.ts';
import { EventStream } from '../run/event-stream.ts';
import type { RunEvent } from '../run/events.ts';
import { askConsent, type Consent, type Question } from './consent.ts';
import { duringOf } from './during.ts';
import type { Interrupts } from './interrupts.ts';
import type { Surroundings } from './rerun.ts';

/**
 * Does work that runs a study, with reporters that tell of it. They hear how it ended, too: with the status that the work
 * gives; the error itself is the caller's.
 */
export async function tellRun(
  options: ReporterOptions,
  interrupts: Interrupts,
  work: (around: Surroundings) => Promise<number>,
): Promise<number> {
  const context = processContext();
  const names = chooseReporters(options, context);
  const reporters = await makeReporters(names, context);
  const events = new EventStream();
  const ended: RunEnded[] = [];
  let folder = '';
  events.listen((event) => {
    interrupts.during = duringOf(event) ?? interrupts.during;
    if (event.kind === 'run-start') ({ folder } = event);
    if (event.kind === 'guest-chosen') interrupts.lastWords = unfinishedText(folder);
    if (event.kind !== 'run-end') return;
    ended.push(event);
    interrupts.lastWords = whereIsEvidence(event).trimEnd();
  });
  events.listen(reporters.hear);
  const consent = async (what: string, question?: Question): Promise<Consent> => {
    await reporters.settled(); // what is drawn must not run into the question
    const output = names.some((name) => name === 'list' || name === 'plain') ? process.stdout : process.stderr;
    return askConsent(what, output, interrupts.signal, question);
  };
  try {
    const status = await withScope((scope) => work({ events, consent, interrupts, scope }));
    events.tell({ kind: 'exit', status, failure: null });
    return status;
  } catch (thrown) {
    const error = withHostFault(await interrupts.causeOf(thrown));
    const failure = failureOf(error);
    events.tell({ kind: 'exit', status: failure.exitStatus, failure });
    await reporters.close();
    for (const run of ended) context.stderr.write(whereIsEvidence(run));
    throw error;
  } finally {
    await reporters.close();
  }
}

function unfinishedText(folder: string): string {
  return `What had arrived is in ${folder}, and is not sealed: \`refigure recover\` seals it.`;
}

type RunEnded = RunEvent & { readonly kind: 'run-end' };

/** Only what is so: of a folder that is gone nothing is said but what the error says. */
function whereIsEvidence({ folder, unsealed }: RunEnded): string {
  const isThere = existsSync(join(folder, layout.run));
  if (unsealed === null) return isThere ? `The evidence is in ${folder}.\n` : '';
  const notSealed = `The evidence is not sealed: ${unsealed}\n`;
  if (!isThere) return notSealed;
  return `${notSealed}What had been written is in ${folder}; once that is mended, \`refigure recover\` seals it.\n`;
}
