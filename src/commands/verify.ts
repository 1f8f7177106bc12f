import { verifyRun } from '../audit/verify.ts';
import { exitStatus } from '../core/errors.ts';

export async function verifyCommand(folder: string): Promise<number> {
  const result = await verifyRun(folder);
  if (result.state === 'sound') {
    process.stdout.write(
      `${folder}: sound. ${result.files} files of evidence have their checksums; the captures fit the journals; ` +
        `the verdicts, the recordings and the report (${result.languages.join(', ')}) come out the same.\n`,
    );
    return exitStatus.upheld;
  }
  process.stderr.write(`${folder}: ${result.file}: ${result.what}.\n`);
  process.stderr.write('If the version of Refigure differs from that in run.json, try that version.\n');
  return exitStatus.notUpheld;
}
