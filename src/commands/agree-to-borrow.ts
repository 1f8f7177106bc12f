import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { replaceFile } from '../core/replace-file.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { dataFolder } from '../provider/host/data-folder.ts';
import type { Tell } from '../run/events.ts';
import { stepsToRun, type Selection } from '../run/selection.ts';
import { studyDigest } from '../study/digest.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Consent, Question } from './consent.ts';

export interface Borrowing {
  readonly tell: Tell;
  /** Rejects with the signal's reason. */
  readonly consent: (what: string, question: Question) => Promise<Consent>;
}

/**
 * Says what a study will do on a machine of the user's, before that is reached. Of a study to which nobody has agreed here so
 * far, to the byte, it asks first, where there is somebody to ask. Rejects with UsageError where the answer is no.
 */
export async function agreeToBorrow(
  loaded: LoadedStudy,
  selection: Selection,
  { tell, consent }: Borrowing,
): Promise<void> {
  const what = lineOnTerminal(whatItDoes(loaded, selection));
  const digest = studyDigest(loaded.files);
  const agreed = await agreedStudies();
  if (!agreed.includes(digest)) await ask(what, [...agreed, digest], consent);
  tell({ kind: 'borrow', text: what });
}

async function ask(what: string, agreed: readonly string[], consent: Borrowing['consent']): Promise<void> {
  const answer = await consent(what, { text: 'Run it there?', enter: 'no' });
  if (answer === 'yes') await note(agreed);
  if (answer !== 'no') return;
  throw new UsageError(
    'The study was not run: it was not agreed to run it on that machine.',
    'Read its commands first, or choose a guest that is made for the run.',
  );
}

function whatItDoes({ study, source, index }: LoadedStudy, selection: Selection): string {
  const steps = selection.experiments.flatMap(({ id }) => stepsToRun(selection, index.stepsOf(id)));
  const scripts = new Set(steps.flatMap(({ step: { script } }) => script ?? []));
  const listed = steps
    .filter(({ step: { script } }) => script === undefined)
    .flatMap(({ commands }) => commands).length;
  const parts = [
    ...(listed === 0 ? [] : [`${listed} ${listed === 1 ? 'command' : 'commands'}`]),
    ...(scripts.size === 0 ? [] : [`the ${scripts.size === 1 ? 'script' : 'scripts'} ${[...scripts].join(', ')}`]),
  ];
  const { namespaces = [], devices = [] } = study.makes ?? {};
  const made = [...namespaces.map((name) => `namespace ${name}`), ...devices.map((name) => `device ${name}`)];
  return (
    `The study ${study.id} (${source.file}) runs ${parts.join(' and ')} as root on your machine. ` +
    `What it says that it makes is removed afterwards: ${made.length === 0 ? 'nothing' : made.join(', ')}.`
  );
}

/** Digests of studies, so that a study that was changed is asked about again. */
const schema = z.array(z.string());

function agreedPath(): string {
  return join(dataFolder(), 'agreed-studies.json');
}

async function agreedStudies(): Promise<readonly string[]> {
  try {
    return schema.parse(JSON.parse(await readFile(agreedPath(), 'utf8')));
  } catch {
    return []; // none was agreed to, or it is not known: it is asked again
  }
}

async function note(digests: readonly string[]): Promise<void> {
  try {
    await mkdir(dataFolder(), { recursive: true });
    replaceFile(agreedPath(), `${JSON.stringify(digests, null, 2)}\n`);
  } catch {
    // What is not noted is asked again.
  }
}
