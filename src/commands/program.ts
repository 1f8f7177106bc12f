import { Command, Option } from 'commander';
import { exitStatus } from '../core/errors.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { packagePath, packageVersion } from '../core/package.ts';
import { parserNames } from '../observation/observe.ts';
import { addAuthorCommands } from './author-commands.ts';
import { Interrupts } from './interrupts.ts';
import type { AdoptOptions } from './adopt.ts';
import type { DiffOptions } from './diff.ts';
import type { DoctorOptions } from './doctor.ts';
import type { ExplainOptions } from './explain.ts';
import type { FetchOptions } from './fetch.ts';
import type { GuestsOptions } from './guests.ts';
import type { JudgeOptions } from './judge.ts';
import type { OpenOptions } from './open.ts';
import {
  catalogueOption,
  clockOption,
  coldOption,
  guestOption,
  jsonOption,
  languageOption,
  onlyOption,
  quickOption,
  quietOption,
  repeatOption,
  reporterOption,
  seedOption,
  fromOption,
  watchOption,
} from './options.ts';
import type { ReproduceOptions } from './reproduce.ts';
import type { RunCommandOptions } from './run-options.ts';
import { tellError, tellUncaught } from './tell-error.ts';
import type { VerifyOptions } from './verify.ts';

const exitStatusHelp = `
Exit status:
  0    every claim of the run is upheld (\`run\`, \`judge\`); of the other commands: done, nothing wrong found
  1    a claim is refuted or undecided, a saved run does not verify or is not reproduced, two runs differ, an output
       cannot be read, or a claim is refuted by no change of what it reads (\`lint --mutate\`)
  2    the study or the command line is wrong
  69   the guest or this machine failed, or the guest is not the release that --require-release asks for
  130  interrupted`;

const sshHelp = `
A machine that you have is a guest, too: \`refigure run --guest ssh://user@host:port\`, user and port as in your SSH
configuration where they are left out. It is left as it was before the run; \`auto\` never takes it.`;

const auditHelp = `
It boots nothing. An audit reruns the study as well, in a guest that boots from nothing: \`refigure run --cold\`; the
report says of a guest that it booted for the run.

A report that another version of Refigure made may have other bytes. It is not checked then, and the status is 1 though
the evidence is sound: which version made a report stands in verdicts.json, and no checksum covers that file. With
\`--evidence\` only what the checksums cover is checked, and the status is 0 where that is sound.`;

const recoverHelp = `
A run that is sealed already stays as it is, and the status is 0. One that still goes on is refused with status 2.`;

const reproduceHelp = `
What comes of it is told last, whoever tells of the run: with --json as a line of JSON, behind the event exit. A run in real
time cannot be reproduced to the byte: it is run again, and the two are compared as by \`refigure diff\`. The status is 0
where they are the same, 1 where they differ, and 69 where the image or the emulator of the run is not here.`;

const observeHelp = `
Kinds: ${parserNames.join(', ')}; or a shape of your own, as
'{ regex: "vlan (?<id>\\d+)", types: { id: int } }', '{ table: { header: 1 } }' or '{ number: "rate (\\d+)" }'.
What is refused is told with its line and the reason, and the status is 1.`;

const judgeHelp = `
Nothing is run. A command of the study is one that ran where experiment, step and text are the same: what another text
printed is not taken for it. The new folder says in its report, in verdicts.json and to \`verify\` that its study is not the
one that ran. The status is that of a run of the study: 0 where every claim is upheld, 1 where one is not.`;

const adoptHelp = `
The origin of such an expectation is \`adopted\`, with the digest of the run: a later run is compared with that run, and a
report never tells it as the paper's. The status is 1 where a figure that is named cannot be given what the run showed.`;

/** Runs the command line; returns its exit status. Errors are printed here and nowhere else. */
export async function main(argv: readonly string[]): Promise<number> {
  const interrupts = new Interrupts();
  hearAlways();
  let status: number = exitStatus.upheld;
  const program = makeProgram(interrupts, (result) => (status = result));
  try {
    await program.parseAsync(argv);
    return status;
  } catch (thrown) {
    return tellError(await interrupts.causeOf(thrown), (text) => stderr.write(text));
  } finally {
    interrupts.release();
  }
}

/** Listeners that stay: what is printed last, and what is thrown last, may come when the command has ended. */
function hearAlways(): void {
  // A reader that goes away (`| head`), or a terminal that is closed, ends the printing, not the run.
  for (const stream of [process.stdout, process.stderr]) stream.off('error', unheard).on('error', unheard);
  process.off('uncaughtException', tellUncaught).on('uncaughtException', tellUncaught);
}

function unheard(): void {
  // Nobody reads what is printed: what is done, and the status, are the same.
}

/** Each command loads what it needs: `--help` and `lint` need no emulator. */
function makeProgram(interrupts: Interrupts, done: (status: number) => void): Command {
  const program = new Command('refigure')
    .description("Reruns a paper's experiment in a virtual machine and regenerates its figures.")
    .version(packageVersion)
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .showHelpAfterError('(refigure --help tells the commands and options)')
    .addHelpText('after', exitStatusHelp);

  program
    .command('run')
    .description('boot a guest, run the experiments of a study, write the report')
    .argument('[study]', 'a study file, or a folder with a study.yaml (default: the study that ships)')
    .addOption(guestOption())
    .addOption(catalogueOption())
    .addOption(onlyOption().conflicts('lastFailed'))
    .addOption(quickOption().conflicts(['only', 'lastFailed']))
    .option('--until <step>', 'stop after this step, named EXPERIMENT/STEP; claims on later steps are not examined')
    .addOption(fromOption().conflicts(['keep', 'list', 'repeatEach', 'lastFailed', 'cold', 'watch']))
    .option('--list', 'say what would run, and run nothing; with --json as a line of JSON')
    .addOption(
      new Option(
        '--last-failed',
        "run the experiments of the claims that the study's newest run below reports/ did not uphold",
      ),
    )
    .addOption(watchOption().conflicts(['keep', 'list', 'out', 'repeatEach', 'lastFailed', 'cold']))
    .addOption(repeatOption().conflicts(['keep', 'list']))
    .option('--out <folder>', "where the run goes; must be new or empty (default: a new folder below 'reports/')")
    .option('--keep', 'leave the guest running afterwards and say how to enter and how to end it')
    .addOption(coldOption())
    .addOption(clockOption())
    .addOption(seedOption())
    .option('--require-release', "fail (69) when the guest is not the paper's own release")
    .addOption(reporterOption())
    .addOption(jsonOption())
    .addOption(quietOption())
    .action(async (study: string | undefined, options: RunCommandOptions) => {
      interrupts.listen();
      const { prepareProvider } = await import('../provider/registry.ts');
      await prepareProvider(options.guest);
      const { runCommand } = await import('./run.ts');
      done(await runCommand(study ?? packagePath('experiments/veth-pair'), options, interrupts));
    });

  addAuthorCommands(program, interrupts, done);

  program
    .command('report')
    .description('make the report of a saved run again, with no guest')
    .argument('<run>', 'the folder of the run')
    .addOption(languageOption())
    .action(async (run: string, options: { lang: 'en' | 'zh' }) => {
      const { reportCommand } = await import('./report.ts');
      done(await reportCommand(run, options.lang));
    });

  program
    .command('open')
    .description("open a run's report in the browser")
    .argument('<run>', 'the folder of the run')
    .addOption(languageOption())
    .option('--print', 'say where the page is, and open nothing')
    .action(async (run: string, options: OpenOptions) => {
      const { openCommand } = await import('./open.ts');
      done(await openCommand(run, options));
    });

  program
    .command('verify')
    .description('check a saved run: its checksums, its captures, its verdicts and its report')
    .argument('<run>', 'the folder of the run')
    .option('--evidence', 'check the evidence alone, whatever made the report of it')
    .addHelpText('after', auditHelp)
    .action(async (run: string, options: VerifyOptions) => {
      const { verifyCommand } = await import('./verify.ts');
      done(await verifyCommand(run, options));
    });

  program
    .command('recover')
    .description('seal a run that was killed: what it had captured becomes the evidence of a partial run')
    .argument('<run>', 'the folder of the run')
    .addHelpText('after', recoverHelp)
    .action(async (run: string) => {
      const { recoverCommand } = await import('./recover.ts');
      done(await recoverCommand(run));
    });

  program
    .command('reproduce')
    .description('run a saved run again on the same machine, with the same seed, and compare the two to the byte')
    .argument('<run>', 'the folder of the run')
    .option('--guest <name>', 'the guest to run in, where that of the run was a machine of its user: ssh://… or a file')
    .addOption(catalogueOption())
    .option('--out <folder>', "where the new run goes; must be new or empty (default: a new folder below 'reports/')")
    .option('--cold', 'boot the guest from nothing, instead of resuming the state that an earlier run has kept')
    .addOption(reporterOption())
    .addOption(jsonOption())
    .addOption(quietOption())
    .addHelpText('after', reproduceHelp)
    .action(async (run: string, options: ReproduceOptions) => {
      interrupts.listen();
      const { reproduceCommand } = await import('./reproduce.ts');
      done(await reproduceCommand(run, options, interrupts));
    });

  program
    .command('diff')
    .description('compare two saved runs: their machines, claims, figures and captures')
    .argument('<a>', 'the folder of a run')
    .argument('<b>', 'the folder of another run')
    .addOption(languageOption())
    .addOption(new Option('--json', 'print the comparison as JSON'))
    .action(async (a: string, b: string, options: DiffOptions) => {
      const { diffCommand } = await import('./diff.ts');
      done(await diffCommand(a, b, options));
    });

  program
    .command('explain')
    .description('say how the verdict on a claim came about, down to the lines that decide it')
    .argument('<claim>', "the claim, by its id in the run's study")
    .argument('<run>', 'the folder of the run')
    .addOption(languageOption())
    .addOption(new Option('--json', 'print it as JSON'))
    .action(async (claim: string, run: string, options: ExplainOptions) => {
      const { explainCommand } = await import('./explain.ts');
      done(await explainCommand(claim, run, options));
    });

  program
    .command('judge')
    .description('judge a saved run by another study: old evidence, new claims, figures and masks')
    .argument('<run>', 'the folder of the run, which stays as it is')
    .requiredOption('--study <study>', 'a study file, or a folder with a study.yaml')
    .option('--out <folder>', 'where the judged run goes; must be new or empty (default: RUN-judged-1, beside the run)')
    .addOption(languageOption())
    .addHelpText('after', judgeHelp)
    .action(async (run: string, options: JudgeOptions) => {
      const { judgeCommand } = await import('./judge.ts');
      done(await judgeCommand(run, options));
    });

  program
    .command('adopt')
    .description('write what a run showed into the figures of a study that do not say what they show')
    .argument('<run>', 'the folder of the run')
    .argument('[figures...]', 'the figures (default: all that have no `shows`)')
    .requiredOption('--study <study>', 'the study that is written into: its file, or a folder with a study.yaml')
    .addHelpText('after', adoptHelp)
    .action(async (run: string, figures: readonly string[], options: AdoptOptions) => {
      const { adoptCommand } = await import('./adopt.ts');
      done(await adoptCommand(run, figures, options));
    });

  program
    .command('observe')
    .description("print what is read of a command's output, as JSON: what a claim may ask of it")
    .argument('<kind>', 'how it is read, as `parse` of a study says')
    .argument('<file>', "a file that holds the output, or '-' for the standard input")
    .addHelpText('after', observeHelp)
    .action(async (kind: string, file: string) => {
      const { observeCommand } = await import('./observe.ts');
      done(await observeCommand(kind, file));
    });

  const guests = program
    .command('guests')
    .description('list the guests, and whether this machine can run them')
    .addOption(catalogueOption())
    .addHelpText('after', sshHelp)
    .action(async ({ catalogue }: GuestsOptions) => {
      const { guestsCommand } = await import('./guests.ts');
      done(await guestsCommand(catalogue));
    });

  guests
    .command('fetch')
    .description("get a guest's image beforehand")
    .argument('<name>', 'a guest whose image is downloaded')
    .addOption(catalogueOption())
    .addOption(new Option('--box <file>', 'a box file that is here already').conflicts('image'))
    .option('--image <file>', 'a disk image that is here already')
    .action(async (name: string, options: FetchOptions, command: Command) => {
      interrupts.listen();
      const { fetchCommand } = await import('./fetch.ts');
      done(await fetchCommand(name, { ...command.optsWithGlobals<FetchOptions>(), ...options }, interrupts));
    });

  program
    .command('doctor')
    .description('say what this machine can run, and what to do about what it cannot')
    .addOption(catalogueOption())
    .addOption(new Option('--json', 'print each finding as a line of JSON'))
    .action(async (options: DoctorOptions) => {
      const { doctorCommand } = await import('./doctor.ts');
      done(await doctorCommand(options));
    });

  for (const command of [...program.commands, ...guests.commands]) command.version(packageVersion);
  return program;
}
