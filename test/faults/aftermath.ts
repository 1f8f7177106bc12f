import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyRun } from '../../src/audit/verify.ts';
import { messageOf } from '../../src/core/errors.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { recoverRun } from '../../src/run/recover.ts';
import type { Finished } from '../commands/cli.ts';
import type { Outcome } from './fault.ts';
import { captureOf } from './phases.ts';
import type { Place } from './place.ts';

type Events = readonly Readonly<Record<string, unknown>>[];

/** What is not as the outcome says; empty where all is well. */
export async function complaintsAbout(
  outcome: Outcome,
  { finished, place, eventsBefore }: { finished: Finished; place: Place; eventsBefore: Events },
): Promise<string[]> {
  const folder = outcome.folder?.(place) ?? place.out;
  return [
    ...complaintsOfWords(outcome, finished),
    ...complaintsOfPlace(outcome, place),
    ...complaintsOfCaptures(outcome, folder, eventsBefore),
    ...(await complaintsOfRun(outcome, folder)),
  ];
}

function complaintsOfWords({ statuses, says }: Outcome, { status, stderr }: Finished): string[] {
  return [
    ...(statuses.includes(status) ? [] : [`status ${String(status)}`]),
    ...(says === undefined || status === 0 || says.test(stderr)
      ? []
      : [`it does not say ${String(says)}: ${stderr.trim()}`]),
    ...(/^ +at .*[:(]/m.test(stderr) ? [`a stack trace: ${stderr.trim()}`] : []),
    ...(stderr.includes('defect of Refigure') ? ['it calls itself defect'] : []),
  ];
}

function complaintsOfPlace({ guestLivesOn = false, folder }: Outcome, place: Place): string[] {
  const machines = guestLivesOn ? [] : listed(join(place.cache, 'machines'));
  return [
    ...listed(place.temporary).map((name) => `left in the temporary folder: ${name}`),
    ...machines.map((name) => `left of a machine: ${name}`),
    ...(folder !== undefined && existsSync(place.out) ? ['the folder of the run was made anew'] : []),
  ];
}

/** All that was told of a capture before the fault is in its file. */
function complaintsOfCaptures({ leaves }: Outcome, folder: string, events: Events): string[] {
  if (leaves.includes('none')) return [];
  const commands = new Map<unknown, string>();
  const missing = new Set<string>();
  for (const { kind, number, step, command, line, stream } of events) {
    if (kind === 'command-start') commands.set(`${String(step)} ${String(number)}`, String(command));
    if (kind !== 'output' || stream === 'error') continue;
    const capture = captureOf(commands.get(`${String(step)} ${String(number)}`) ?? '');
    if (capture === undefined) continue;
    const path = join(folder, layout.capture(capture));
    if (!existsSync(path) || !readFileSync(path, 'utf8').includes(String(line))) missing.add(capture);
  }
  return [...missing].map((capture) => `the capture ${capture} lacks what had arrived`);
}

/** Recovers the run where it has to be, and reports on it, as the documents tell. */
async function complaintsOfRun({ leaves, reason }: Outcome, folder: string): Promise<string[]> {
  if (!existsSync(join(folder, layout.run))) {
    return leaves.includes('none') ? [] : [`there is no ${layout.run}`];
  }
  try {
    const before = await verifyRun(folder);
    const left = before.state === 'sound' ? 'whole' : existsSync(join(folder, layout.manifest)) ? 'sealed' : 'unsealed';
    const complaints = leaves.includes(left) ? [] : [`${left}: ${JSON.stringify(before)}`];
    if (left === 'unsealed') await recoverRun(folder);
    await writeReport(folder, ['en', 'zh']);
    const { state } = await verifyRun(folder);
    if (state !== 'sound') complaints.push(`it does not verify after that: ${state}`);
    const found = (await openRun(folder)).record.reason;
    if (reason === null ? found !== null : reason !== undefined && !reason.test(found ?? '')) {
      complaints.push(`why it is partial: ${String(found)}`);
    }
    return complaints;
  } catch (error) {
    return [`it cannot be recovered or reported on: ${messageOf(error)}`];
  }
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
