import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import type { OpenGuest } from '../../src/core/guest.ts';
import { packagePath } from '../../src/core/package.ts';
import type { Journal } from '../../src/evidence/journal.ts';
import { ask, bootGuest } from '../provider/booted-guest.ts';
import { runPlan, step } from './run-plan.ts';

let guest: OpenGuest;

test.before(async () => {
  guest = await bootGuest();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the boot may have failed
test.after.always(() => guest?.stop());

interface Script {
  readonly path: string;
  readonly content: Buffer;
}

/** Those that are for whatever `sh` is, look at no file beside their own, and make no namespace. */
const fixtures = packagePath('test/fixtures/scripts');
const scripts = readdirSync(fixtures)
  .map((path): Script => ({ path, content: readFileSync(`${fixtures}/${path}`) }))
  .filter(({ path, content }) => content.toString('latin1', 0, 2) !== '#!' && !/^(?:found-by-glob|public-)/.test(path));

/** So many in one plan: under an emulator each takes half a second or so. */
const perPlan = 25;
const parts = Array.from({ length: Math.ceil(scripts.length / perPlan) }, (_, index) =>
  scripts.slice(index * perPlan, (index + 1) * perPlan),
);

for (const shell of ['dash', 'busybox sh']) {
  for (const [index, part] of parts.entries()) {
    test.serial(`the guest's ${shell}: a script, traced, does what it does untraced (${index + 1})`, async (t) => {
      const name = `${shell.replace(' ', '-')}-${index}`;
      const plain = await runPlain(`/tmp/plain-${name}`, part, shell);
      const steps = part.map(({ path }) => step(idOf(path), { script: path }));
      const journal = await runPlan(guest, { name, steps, files: part }, shell);
      t.true(journal.complete);
      t.deepEqual(
        part.flatMap(({ path }) => {
          const [expected, printed] = [plain.get(path), printedBy(journal, idOf(path))];
          return expected === printed ? [] : [{ path, expected, printed }];
        }),
        [],
      );
    });
  }
}

function idOf(path: string): string {
  return path.replace('.sh', '');
}

/** What each prints, run as a user would, in the order of the plan and in one folder as there. */
async function runPlain(base: string, part: readonly Script[], shell: string): Promise<ReadonlyMap<string, string>> {
  const wrapper = { path: 'bin/sh', content: Buffer.from(`#!/bin/sh\nexec ${shell} "$@"\n`), executable: true };
  const files = part.map(({ path, content }) => ({ path: `study/${path}`, content, executable: false }));
  await guest.upload(base, [wrapper, ...files]);
  const run = (path: string): string =>
    `mkfifo pipe; cat <pipe >'out-${path}' & (exec </dev/null >pipe 2>&1; cd study && exec setsid sh '${path}'); wait $!; rm pipe`;
  const lines = [`cd ${base}`, `PATH=${base}/bin:$PATH LC_ALL=C REFIGURE_STUDY=${base}/study`];
  await ask(guest, [...lines, 'export PATH LC_ALL REFIGURE_STUDY', ...part.map(({ path }) => run(path))].join('\n'));
  const show = part.map(({ path }) => `wc -c <'out-${path}'; cat 'out-${path}'`);
  const { output } = await guest.execute([`cd ${base}`, ...show].join('\n'));
  return new Map(pieces(output.toString('latin1')).map((text, index) => [part[index]?.path ?? '', text]));
}

/** Each after a line with its length. */
function pieces(all: string): string[] {
  const found: string[] = [];
  for (let left = all; left !== '';) {
    const [line = '', length = '0'] = /^\s*(\d+)\n/.exec(left) ?? [];
    found.push(left.slice(line.length, line.length + Number(length)));
    left = left.slice(line.length + Number(length));
  }
  return found;
}

function printedBy(journal: Journal, id: string): string {
  return journal.commands
    .filter((command) => command.step === id)
    .map(({ output }) => output.toString('latin1'))
    .join('');
}
