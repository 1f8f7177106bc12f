import { echoed, showHidden, terminalColumns, terminalRows } from '../core/terminal-text.ts';
import type { Arrival } from '../evidence/arrivals.ts';
import { cutOutput, shownLimit } from '../evidence/cut-output.ts';
import type { Journal, RecordedCommand } from '../evidence/journal.ts';
import { layout } from '../evidence/layout.ts';
import { outputsOf, type Evidence } from '../evidence/open.ts';
import { isCollectedId } from '../study/collect.ts';
import type { Experiment } from '../study/schema.ts';
import { experimentTitle } from '../study/titles.ts';
import { asciicast, type ScreenEvent } from './asciicast.ts';
import { GuestTime, type TimedPiece } from './guest-time.ts';
import { resetAfter } from './reset.ts';

/** The recordings of a run, each by its path in the run's folder: a pure function of the evidence. */
export function recordings(evidence: Evidence): ReadonlyMap<string, string> {
  const { loaded, journals, arrivals } = evidence;
  const limit = shownLimit(outputsOf(evidence));
  return new Map(
    loaded.study.experiments.flatMap((experiment) => {
      const journal = journals.get(experiment.id);
      if (journal === undefined || !isRecorded(journal)) return [];
      const { prompt } = loaded.study;
      const content = recording(experiment, journal, arrivals.get(experiment.id) ?? [], { prompt, limit });
      return [[layout.recording(experiment.id), content] as const];
    }),
  );
}

/** Whether there is a recording of an experiment: it came to its first command. */
export function isRecorded(journal: Journal): boolean {
  return playedCommands(journal).length > 0;
}

/** Those of the study's steps; by the others the network was observed, or a file read, which the paper did not do. */
function playedCommands({ commands }: Journal): RecordedCommand[] {
  return commands.filter(({ purpose, id }) => purpose === 'study' && !isCollectedId(id));
}

/**
 * One experiment as a terminal showed it, in asciicast v2. Commands start and end when they did by the guest's clock;
 * what they printed comes in between as it arrived, or at their end where that was not noted.
 */
function recording(
  experiment: Experiment,
  journal: Journal,
  arrivals: readonly Arrival[],
  { prompt, limit }: { readonly prompt: string; readonly limit: number },
): string {
  const commands = playedCommands(journal);
  const time = new GuestTime(
    journal.commands.filter(({ background }) => background === null),
    arrivals,
  );
  const zeroS = journal.clock?.uptimeS ?? commands[0]?.startS ?? 0;
  const typedPrompt = onTerminal(`${echoed(prompt)} `);
  const events = commands.flatMap((command, index) => {
    const next = commands[index + 1];
    const endS = command.end?.uptimeS ?? next?.startS ?? null;
    const printed = [typed(command, typedPrompt), ...output(command, time, limit)];
    // Also where nothing is left to show: the recording lasts as long as the last command did.
    if (endS !== null) printed.push({ atS: endS, text: next === undefined ? '' : typedPrompt });
    return printed;
  });
  return asciicast(
    {
      columns: terminalColumns,
      rows: terminalRows,
      title: experimentTitle(experiment, 'en'),
      epochS: journal.clock?.epochS ?? null,
    },
    [{ atS: zeroS, text: typedPrompt }, ...inOrder(events)].map(({ atS, text }) => ({ atS: atS - zeroS, text })),
  );
}

/** What a process in the background printed comes at its end, among what came meanwhile. */
function inOrder(events: readonly ScreenEvent[]): ScreenEvent[] {
  return events.toSorted((a, b) => a.atS - b.atS);
}

/** One in the background leaves the terminal free at once. */
function typed({ text, startS, background }: RecordedCommand, prompt: string): ScreenEvent {
  const line = echoed(text).replaceAll('\n', '\n> ');
  if (background === null) return { atS: startS, text: onTerminal(`${line}\n`) };
  return { atS: startS, text: `${onTerminal(`${line} &\n`)}${prompt}` };
}

/** All that a command printed, by the guest's uptime; then the terminal is at the beginning of a line, as it was before. */
function output(command: RecordedCommand, time: GuestTime, limit: number): ScreenEvent[] {
  const { shown, moreBytes } = cutOutput(command.output, command.rest, limit);
  const pieces = time.pieces(command, shown.length);
  const endS = command.end?.uptimeS ?? pieces.at(-1)?.uptimeS ?? command.startS;
  const errors = cutOutput(command.errorOutput ?? Buffer.alloc(0), command.errorRest, limit);
  return [
    ...stream(pieces, moreBytes, endS),
    // What was kept apart stayed in the guest until the command had ended.
    ...stream([{ uptimeS: endS, bytes: errors.shown }], errors.moreBytes, endS),
  ];
}

function stream(pieces: readonly TimedPiece[], moreBytes: number, endS: number): ScreenEvent[] {
  const last = pieces.at(-1);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const texts = pieces.map((piece) => decoder.decode(piece.bytes, { stream: piece !== last }));
  const whole = texts.join('');
  if (whole === '') return [];
  const lineEnd = whole.endsWith('\n') ? '' : '\r\n';
  const more = moreBytes === 0 ? '' : `\r\n[${moreBytes} bytes more, in the journal]\r\n`;
  return [
    ...pieces.map(({ uptimeS }, index) => ({ atS: uptimeS, text: onTerminal(texts[index] ?? '') })),
    { atS: endS, text: resetAfter(whole) + (more === '' ? lineEnd : more) },
  ].filter(({ text }) => text !== '');
}

/** A terminal is sent a carriage return with each line feed (termios(3), ONLCR). */
function onTerminal(text: string): string {
  return showHidden(text).replaceAll('\n', '\r\n');
}
