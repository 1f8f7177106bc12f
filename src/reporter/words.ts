import { withoutControls } from '../core/terminal-text.ts';
import type { DownloadStart, KeptGuest, ReportEnd, RunEvent, RunStart } from '../run/events.ts';

// What more than one reporter says, in words.

/** What a start is doing just now. */
export function bootText({ phase, at }: RunEvent & { readonly kind: 'boot' }): string {
  return at === null ? bootPhases[phase] : `waiting for SSH at ${at}`;
}

const bootPhases = {
  loading: 'loading the image',
  restoring: 'restoring the clean snapshot of the kept machine',
  booting: 'booting',
  connecting: 'connecting by SSH',
} as const;

export const partTitles = {
  boot: 'Boot the guest',
  examine: 'Look at the machine as it was before',
  push: 'Push the scripts',
  facts: 'Ask the guest what it is',
  open: 'Open the guest',
  restore: 'Remove what the run has made',
  stop: 'Stop the guest',
} as const;

export const reportTitle = 'Write the report';

export function experimentTitle({ section, title }: RunStart['experiments'][number]): string {
  return section === null ? title.en : `${section} ${title.en}`;
}

/** What most readers need of a reason. */
export function firstLine(reason: string): string {
  return reason.split('\n', 1).join('');
}

export function paperTitle({ paper }: RunStart): string {
  return paper.year === null ? paper.title.en : `${paper.title.en} (${paper.year})`;
}

export function downloadText({ guest, from, bytes }: Pick<DownloadStart, 'guest' | 'from' | 'bytes'>): string {
  if (from === null) return `The guest ${guest} from a file`;
  const size = bytes === null ? 'of a size that the server does not tell' : `of ${(bytes / 1e6).toFixed(0)} MB`;
  return `The guest ${guest} is a download ${size} from ${from}.`;
}

/** Which guest `auto` has chosen, and why not the better ones. */
export function chosenText({ guest, passedOver }: RunEvent & { readonly kind: 'guest-chosen' }): string {
  const why = passedOver.map(({ guest: name, reason }) => `${name}: ${reason.trim().replaceAll(/\s*\n\s*/g, ' ')}`);
  return `Guest: ${guest}${why.length === 0 ? '' : ` (${why.join('; ')})`}\n`;
}

/** For the user alone: it names what the machine has. */
export function differencesText(differences: readonly string[]): string {
  const lines = differences.map((line) => `  ${line}\n`).join('');
  return (
    `Warning: what the study declares was removed, but the machine is not as it was before the run:\n${lines}` +
    `If nobody else has changed that meanwhile, the study makes more than it declares (\`makes\`).\n`
  );
}

/** That a command failed, with the last that it said. */
export function failureText({
  command,
  status,
  how,
  readiness,
  lastLine,
}: RunEvent & { readonly kind: 'command-failed' }): string {
  const ended = readiness === null ? endText(how, status) : unreadyText(readiness);
  return `✗ ${firstLine(command)}  ${ended}${lastLine === null ? '' : `: ${lastLine.trim()}`}`;
}

function endText(how: (RunEvent & { readonly kind: 'command-failed' })['how'], status: number): string {
  return how === 'limit' ? 'was ended by its time limit' : `failed unexpectedly with status ${status}`;
}

function unreadyText(readiness: 'late' | 'ended'): string {
  return readiness === 'late' ? 'was not ready in time' : 'ended before it was ready';
}

/** Whether a process in the background is ready. */
export function readyText({ name, state, seconds }: RunEvent & { readonly kind: 'background-ready' }): string {
  const after = `after ${seconds.toFixed(1)} s`;
  return state === 'ready' ? `⏳ ${name}: ready ${after}` : `✗ ${name}: ${unreadyText(state)} (${after})`;
}

/** Why an experiment did not run. */
export function skippedText({ lacks }: RunEvent & { readonly kind: 'experiment-skipped' }): string {
  const names = lacks.map(({ kind, name }) => (kind === 'guest' ? `another guest (${name})` : `${name} (${kind})`));
  return names.length === 0 ? 'skipped, as what it builds on' : `skipped: the guest lacks ${names.join(', ')}`;
}

/** What an experiment has left behind. */
export function leftText({ namespaces, devices, processes }: RunEvent & { readonly kind: 'left-behind' }): string {
  const said = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what} ${names.join(', ')}`];
  const left = [
    ...said('the namespaces', namespaces),
    ...said('the devices', devices),
    ...said(
      'the processes',
      processes.map(({ pid, name }) => `${name} (${pid})`),
    ),
  ];
  return `left behind: ${left.join('; ')}`;
}

/** How a process in the background ended. */
export function backgroundEndText({ name, how, status }: RunEvent & { readonly kind: 'background-end' }): string {
  const ended = { stopped: 'stopped', killed: 'killed, since it did not stop' };
  const words = how === 'stopped' || how === 'killed' ? ended[how] : 'ended by itself';
  return `⏹ ${name}: ${words}, with status ${status}`;
}

export function collectedText({ name, file, bytes }: RunEvent & { readonly kind: 'file-collected' }): string {
  return `⤓ ${name}: ${file}, ${bytes} bytes`;
}

/** The verdicts in short, what the claims read that are not upheld, and where the report is. */
export function resultText({ summary, state, report, page }: ReportEnd): string {
  const partial = state === 'partial' ? 'The run is partial; what was captured is kept.\n' : '';
  const claims = summary.notUpheld.flatMap(({ lines }) => lines.map((line) => `${withoutControls(line)}\n`)).join('');
  return `\n${summary.headline}\n${claims}${partial}Report: ${report}\nPage: ${page}\n`;
}

/** How to enter a guest that is kept, and how to end it. */
export function keptText(kept: KeptGuest): string {
  if (kept.how === 'left') {
    const { where, enter, remove } = kept;
    return (
      `The guest is kept, and the next run takes it, clean again. Enter it with:\n  ${enter}\n` +
      `Remove it with:\n  ${remove}\nBoth ${where}.\n`
    );
  }
  const { port, key, knownHosts, username } = kept;
  return (
    `The guest is kept. Enter it with:\n` +
    `  ssh -p ${port} -i "${key}" -o IdentitiesOnly=yes -o UserKnownHostsFile="${knownHosts}" ${username}@127.0.0.1\n` +
    `Ctrl-C here ends and removes it.\n`
  );
}
