import { InvalidArgumentError, Option } from 'commander';
import { isReporterName, reporters, type ReporterName } from '../reporter/reporters.ts';

/** The options that several commands have. */

export function guestOption(): Option {
  return new Option(
    '--guest <name>',
    'the guest to run in (`refigure guests` lists them), ssh://user@host for a machine that you have, or the best that runs here',
  ).default('auto');
}

export function onlyOption(): Option {
  return new Option(
    '--only <experiments>',
    'run these experiments alone (commas between them), and those that they build on',
  ).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), ...value.split(',')]);
}

export function quickOption(): Option {
  return new Option('--quick', 'run what the study names as `quick` alone, and what that builds on');
}

export function clockOption(): Option {
  return new Option(
    '--clock <clock>',
    "what the guest's clock follows: the work of its processor, or the host's clock (default: the guest's own)",
  ).choices(['virtual', 'real']);
}

export function seedOption(): Option {
  return new Option(
    '--seed <number>',
    'what all chance comes from in a guest whose clock is virtual (default: 1)',
  ).argParser(parseSeed);
}

export function coldOption(): Option {
  return new Option(
    '--cold',
    'boot the guest from nothing, instead of resuming the state that an earlier run has kept: for an audit',
  );
}

export function fromOption(): Option {
  return new Option(
    '--from <step>',
    "go on from the guest's state before this step, named EXPERIMENT/STEP, that an earlier such run has kept; the first keeps it",
  );
}

export function watchOption(): Option {
  return new Option(
    '--watch',
    "run again with each change of the study's files, from the guest's state before the first step that changed",
  );
}

export function repeatOption(): Option {
  return new Option(
    '--repeat-each <number>',
    'make so many runs, and say whether they agree; by a virtual clock each has the next seed',
  ).argParser(parseRepeats);
}

export function reporterOption(): Option {
  const names = Object.keys(reporters).join(', ');
  return new Option(
    '--reporter <names>',
    `who tells of the run: ${names}; several with commas, or by several options (default: list on a terminal, plain elsewhere, with github in GitHub Actions)`,
  ).argParser((value: string, before: readonly ReporterName[] | undefined) => [
    ...(before ?? []),
    ...value.split(',').map((name) => {
      if (isReporterName(name)) return name;
      throw new InvalidArgumentError(`There is no reporter '${name}'. Reporters: ${names}.`);
    }),
  ]);
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('A seed is a whole number that is not negative.');
}

function parseRepeats(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= mostRepeats) return number;
  throw new InvalidArgumentError(`That is a whole number from 1 to ${mostRepeats}.`);
}

const mostRepeats = 1000;

export function jsonOption(): Option {
  return new Option('--json', 'the reporter json: each event is a line of JSON').conflicts(['quiet', 'reporter']);
}

export function quietOption(): Option {
  return new Option('--quiet', 'the reporter quiet: nothing but errors').conflicts('reporter');
}

export function languageOption(): Option {
  return new Option('--lang <language>', 'language of the prose').choices(['en', 'zh']).default('en');
}

export function catalogueOption(): Option {
  return new Option('--catalogue <file>', 'another catalogue of guests, in the format of guest/catalogue.yaml');
}
