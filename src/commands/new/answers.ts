import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline/promises';
import { UsageError } from '../../core/errors.ts';
import type { Language } from '../../core/languages.ts';
import { stdout } from '../../core/terminal.ts';
import { lineOnTerminal } from '../../core/terminal-text.ts';

/** What the author of a new study says of it. */
export interface Answers {
  readonly title: string;
  readonly source: NewSource;
  readonly guest: NewGuest;
  readonly languages: readonly [Language, ...Language[]];
}

export type NewSource =
  | { readonly kind: 'own' }
  | { readonly kind: 'paper'; readonly doi: string }
  | { readonly kind: 'post'; readonly url: string };

/** The guests that any machine of GitHub's can run. */
export const newGuests = ['embedded', 'mini'] as const;
export type NewGuest = (typeof newGuests)[number];

export const languageChoices = ['en', 'zh', 'both'] as const;

/** What the command line has already; what it has not is asked for, or is the default. */
export interface GivenAnswers {
  readonly title?: string;
  readonly source?: string;
  readonly guest?: string;
  readonly languages?: string;
}

interface Question<T> {
  readonly text: string;
  readonly usual: string;
  /** Throws UsageError where this is no answer. */
  readonly read: (answer: string) => T;
}

/** In the order in which they are asked. */
const questions = {
  title: (name: string): Question<string> => ({ text: 'Title', usual: titleOf(name), read: readTitle }),
  source: {
    text: 'DOI or link of what it reruns (none: an experiment of your own)',
    usual: '',
    read: readSource,
  } satisfies Question<NewSource>,
  guest: {
    text: `Guest that its workflow runs it in (${newGuests.join(', ')})`,
    usual: 'embedded',
    read: readGuest,
  } satisfies Question<NewGuest>,
  languages: {
    text: `Language of its prose (${languageChoices.join(', ')})`,
    usual: 'en',
    read: readLanguages,
  } satisfies Question<Answers['languages']>,
};

/** Gets an answer to a question whose text and default these are. */
type Ask = (text: string, usual: string) => Promise<string>;

/** The answers where nobody is asked. Throws UsageError where what is given is none. */
export function takeAnswers(name: string, given: GivenAnswers): Promise<Answers> {
  return collect(name, given, (_, usual) => Promise.resolve(usual));
}

/**
 * Asks at the terminal for what is not given; an answer that is none is asked for again. Rejects with UsageError where the
 * input ends, with the signal's reason where that is aborted.
 */
export async function askAnswers(name: string, given: GivenAnswers, signal: AbortSignal): Promise<Answers> {
  // As plain lines: a terminal in raw mode would keep Ctrl-C from us.
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  const ended = once(terminal, 'close').then(() => null);
  try {
    return await collect(name, given, (text, usual) => askOnce(terminal, { text, usual, ended, signal }));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    terminal.close();
  }
}

interface Asked {
  readonly text: string;
  readonly usual: string;
  readonly ended: Promise<null>;
  readonly signal: AbortSignal;
}

async function askOnce(terminal: Interface, { text, usual, ended, signal }: Asked): Promise<string> {
  const hint = usual === '' ? '' : ` [${usual}]`;
  const answer = await Promise.race([terminal.question(`${text}${hint}: `, { signal }), ended]);
  if (answer !== null) return answer.trim() === '' ? usual : answer.trim();
  process.stdout.write('\n'); // where the input ended stands no line end
  throw new UsageError('The input ended before all was answered; nothing was made.', 'Give the rest by options.');
}

async function collect(name: string, given: GivenAnswers, ask: Ask): Promise<Answers> {
  return {
    title: await answer(questions.title(name), given.title, ask),
    source: await answer(questions.source, given.source, ask),
    guest: await answer(questions.guest, given.guest, ask),
    languages: await answer(questions.languages, given.languages, ask),
  };
}

async function answer<T>({ text, usual, read }: Question<T>, given: string | undefined, ask: Ask): Promise<T> {
  if (given !== undefined) return read(given);
  for (;;) {
    const said = await ask(text, usual);
    try {
      return read(said);
    } catch (error) {
      if (!(error instanceof UsageError) || said === usual) throw error;
      stdout.write(`${error.message} ${error.hint}\n`);
    }
  }
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function readTitle(text: string): string {
  const title = text.trim();
  if (title !== '' && lineOnTerminal(title) === title) return title;
  throw new UsageError('A title is a line of text.', 'Leave out control characters.');
}

function readSource(text: string): NewSource {
  const said = text.trim();
  if (said === '') return { kind: 'own' };
  const [, doi] = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,}\/\S+)$/i.exec(said) ?? [];
  if (doi !== undefined) return { kind: 'paper', doi };
  if (/^https?:\/\/\S+$/i.test(said) && URL.canParse(said)) return { kind: 'post', url: said };
  throw new UsageError(
    `'${lineOnTerminal(said)}' is no DOI and no link.`,
    'A DOI begins with 10. and has a slash; a link begins with https:// or http://.',
  );
}

function readGuest(text: string): NewGuest {
  return oneOf(newGuests, text, 'guest');
}

function readLanguages(text: string): Answers['languages'] {
  const choice = oneOf(languageChoices, text, 'language');
  return choice === 'both' ? ['en', 'zh'] : [choice];
}

function oneOf<T extends string>(known: readonly T[], text: string, what: string): T {
  const found = known.find((each) => each === text.trim());
  if (found !== undefined) return found;
  throw new UsageError(`'${lineOnTerminal(text)}' is no ${what} of these.`, `Say one of: ${known.join(', ')}.`);
}
