import { Option, type Command } from 'commander';
import type { Interrupts } from './interrupts.ts';
import type { LintOptions } from './lint.ts';
import type { MigrateOptions } from './migrate.ts';
import type { NewOptions } from './new.ts';
import {
  catalogueOption,
  clockOption,
  coldOption,
  guestOption,
  onlyOption,
  quietOption,
  seedOption,
} from './options.ts';
import type { RecordOptions } from './record.ts';
import type { ShellOptions } from './shell.ts';

const newHelp = `
NAME is a folder, new or empty; its last part is the id of the study. In it come a study that runs and is upheld, the schema
for editors, a README, and a workflow of GitHub's that runs it (of a folder within a Git repository, the workflow comes where
GitHub looks for it: .github/workflows of the repository). At a terminal what no option says is asked for.`;

const migrateHelp = `
What both formats mean is the same; comments, order and the form of the file stay. Without an option the new text is printed.`;

const shellHelp = `
The study runs up to the step, in its order; then the shell is where the step would have run, in the folder of the study's
files, which is in REFIGURE_STUDY. When it ends, the guest goes, and the run with it: it is no evidence. Without a terminal
the shell reads the standard input. A guest whose clock was virtual has the host's in the shell.`;

const recordHelp = `
NAME is a folder, new or empty; its last part is the id of the study. The shell is bash, in a guest whose clock is the host's. Each
command becomes one of the study's step, with what it printed as a capture, and the study is written after each.`;

const lintHelp = `
With --mutate, what the commands of RUN printed is changed, one thing at a time, as another network or a damaged file would have it
(a reply from another address, a route by another device, a number that is another one), and the claims of STUDY are judged by
each. It tells for each claim how many changes refuted it. The status is 1 where a claim that is upheld is refuted by none:
such a claim may say nothing. RUN stays as it is, and may be of an older state of the study, as for \`refigure judge\`.`;

/** The commands by which an author makes a study. */
export function addAuthorCommands(program: Command, interrupts: Interrupts, done: (status: number) => void): void {
  program
    .command('new')
    .description('make a new study that runs: study.yaml, schema, README, workflow')
    .argument('<name>', 'the folder of the study')
    .option('--title <text>', 'its title (default: made of its name)')
    .option('--source <where>', 'the DOI or the link of what it reruns (default: an experiment of your own)')
    .addOption(new Option('--guest <name>', 'the guest in which its workflow runs it: embedded, mini'))
    .addOption(new Option('--languages <which>', 'the language of its prose: en, zh, both'))
    .option('--yes', 'ask nothing: what no option says is the default')
    .addHelpText('after', newHelp)
    .action(async (name: string, options: NewOptions) => {
      interrupts.listen();
      const { newCommand } = await import('./new.ts');
      done(await newCommand(name, options, interrupts));
    });

  program
    .command('migrate')
    .description('write a study of the first format as one of the second')
    .argument('<study>', 'a study file, or a folder with a study.yaml')
    .addOption(new Option('--write', 'write it in place of the old one').conflicts('out'))
    .option('--out <file>', 'write it into a new file')
    .addHelpText('after', migrateHelp)
    .action(async (study: string, options: MigrateOptions) => {
      const { migrateCommand } = await import('./migrate.ts');
      done(await migrateCommand(study, options));
    });

  program
    .command('lint')
    .description('check a study and list everything that is wrong with it')
    .argument('<study>', 'a study file, or a folder with a study.yaml')
    .argument('[run]', 'the folder of a saved run, for --mutate')
    .option('--mutate', 'tell which claims are refuted by no change of what the run printed')
    .addHelpText('after', lintHelp)
    .action(async (study: string, run: string | undefined, options: LintOptions) => {
      const { lintCommand } = await import('./lint.ts');
      done(await lintCommand(study, run, options));
    });

  program
    .command('record')
    .description('make a study of what you type in a shell of a guest')
    .argument('<name>', 'the folder of the study')
    .option('--title <text>', 'its title')
    .addOption(guestOption())
    .addOption(catalogueOption())
    .addHelpText('after', recordHelp)
    .action(async (name: string, options: RecordOptions) => {
      interrupts.listen();
      const { recordCommand } = await import('./record.ts');
      done(await recordCommand(name, options, interrupts));
    });

  program
    .command('shell')
    .description('run a study up to a step, and open a shell in the guest there')
    .argument('<study>', 'a study file, or a folder with a study.yaml')
    .requiredOption('--at <step>', 'the step in whose place the shell opens, named EXPERIMENT/STEP')
    .addOption(guestOption())
    .addOption(catalogueOption())
    .addOption(onlyOption())
    .addOption(clockOption())
    .addOption(seedOption())
    .addOption(coldOption())
    .addOption(quietOption())
    .addHelpText('after', shellHelp)
    .action(async (study: string, options: ShellOptions) => {
      interrupts.listen();
      const { prepareProvider } = await import('../provider/registry.ts');
      await prepareProvider(options.guest);
      const { shellCommand } = await import('./shell.ts');
      done(await shellCommand(study, options, interrupts));
    });
}
