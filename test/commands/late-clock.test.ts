import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { smallScript, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { parseLines } from '../reporter/json-lines.ts';
import { refigure } from './cli.ts';

// A computer whose clock is in 2039: our image holds times in 32 bits.

async function runLate(t: ExecutionContext, guest: string): Promise<void> {
  const base = await temporaryFolder(t);
  const study = await writeStudy(t, smallStudy, { 'make.sh': `${smallScript}date -u +%Y-%m-%d\n` });
  for (const [out, start] of [
    ['first', 'booted'],
    ['second', 'resumed'],
  ] as const) {
    const args = ['run', study, '--guest', guest, '--clock', 'real', '--json', '--out', join(base, out)];
    const { status, stdout, stderr } = await refigure(args, {
      preload: './late-clock.mjs',
      env: { REFIGURE_ACCELERATOR: 'tcg', REFIGURE_CACHE: join(base, 'cache') },
    });
    t.is(status, 0, stderr);
    const events = parseLines(t, stdout);
    t.like(
      events.find(({ kind }) => kind === 'guest-ready'),
      { guest: { start } },
    );
    const notes = events.flatMap(({ kind, text }) => (kind === 'guest-note' ? [text] : []));
    t.deepEqual(notes, [
      "this computer's clock is later than the image can tell, so the guest's clock begins at 2038-01-01",
    ]);
    t.true(events.some(({ kind, line }) => kind === 'output' && line === '2038-01-01'));
  }
}

test.serial('the embedded guest runs by a clock that it can hold, which is told', (t) => runLate(t, 'embedded'));

testWith.serial('qemu-system-x86_64', 'qemu-img')('so does mini under QEMU', (t) => runLate(t, 'mini'));
