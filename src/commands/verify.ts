import { verifyRun } from '../audit/verify.ts';
import { exitStatus } from '../core/errors.ts';

export async function verifyCommand(folder: string): Promise<number> {
  const result = await verifyRun(folder);
  if (result.state === 'sound') {
    process.stdout.write(
      `${folder}: sound. ${result.files} files of evidence have their checksums; the captures fit the journals; ` +
        `the verdicts, the recordings and the report (${result.languages.join(', ')}) come out the same.\n`,
    );
    if (result.digests !== null) process.stdout.write(digestLines(result.digests));
    return exitStatus.upheld;
  }
  process.stderr.write(`${folder}: ${result.file}: ${result.what}.\n`);
  process.stderr.write('If the version of Refigure differs from that in run.json, try that version.\n');
  return exitStatus.notUpheld;
}

/** What is compared with the digests of another run of the same study, machine and seed. */
function digestLines({ run, study }: { readonly run: string; readonly study: string }): string {
  return `The digest of its journals and captures: ${run}\nThe digest of its study: ${study}\n`;
}
