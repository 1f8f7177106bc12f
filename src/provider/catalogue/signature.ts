import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import which from 'which';
import { runProgram, type ProgramResult } from '../host/run-program.ts';

export type SignatureResult =
  | { readonly state: 'good'; readonly text: string }
  /** It was checked, and is not by that key, or not over that text. */
  | { readonly state: 'bad'; readonly said: string }
  | { readonly state: 'not checked'; readonly because: string };

/** How long gpg may take for a text of some kilobytes. */
const limitMs = 30_000;

/**
 * Checks a clear-signed text (RFC 9580, section 7) by the system's gpg, in a key ring of its own that holds `publicKey`
 * and is thrown away; `text` is what was signed, as gpg gives it out. The user's own key rings are not touched.
 */
export async function checkSignature(signed: string, publicKey: string, fingerprint: string): Promise<SignatureResult> {
  const gpg = await which('gpg', { nothrow: true });
  if (gpg === null) return { state: 'not checked', because: 'there is no gpg on this machine' };
  const home = await mkdtemp(join(tmpdir(), 'refigure-gpg-'));
  const run = (args: readonly string[]): Promise<ProgramResult> =>
    runProgram(gpg, ['--homedir', home, '--batch', '--no-autostart', '--no-tty', ...args], { limitMs });
  try {
    await writeFile(join(home, 'key'), publicKey);
    await writeFile(join(home, 'signed'), signed);
    const imported = await run(['--import', join(home, 'key')]);
    if (imported.failed)
      return { state: 'not checked', because: `gpg does not take the key: ${imported.stderr.trim()}` };
    const output = join(home, 'text');
    const { stdout, stderr } = await run(['--status-fd', '1', '--output', output, '--decrypt', join(home, 'signed')]);
    // doc/DETAILS of GnuPG: VALIDSIG, then the fingerprint of the key that signed; last, that of its primary key.
    const valid = /^\[GNUPG:\] VALIDSIG (\S+) .*?(\S+)$/m.exec(stdout);
    if (valid !== null && valid.slice(1).includes(fingerprint)) {
      return { state: 'good', text: await readFile(output, 'utf8') };
    }
    // Only what gpg says of a signature is a verdict; anything else (it did not run to its end) is none.
    const isVerdict = valid !== null || /^\[GNUPG:\] (BADSIG|ERRSIG|NODATA|NO_PUBKEY|UNEXPECTED)\b/m.test(stdout);
    if (isVerdict) return { state: 'bad', said: stderr.trim() };
    return { state: 'not checked', because: `gpg does not run: ${stderr.trim()}` };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
