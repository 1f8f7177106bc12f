import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { testWith } from '../support/tools.ts';

// In a real terminal, which script(1) makes.

const testTerminal = testWith.serial('script', 'procfs');
const child = fileURLToPath(new URL('voice-child.ts', import.meta.url));

for (const [key, typed, outcome] of [
  ['Enter', '\n', 'allowed: true'],
  ['y', 'y\n', 'allowed: true'],
  ['n', 'n\n', 'allowed: false'],
  ['the end of the input', '\u0004', 'allowed: false'],
  ['Ctrl-C', '\u0003', 'InterruptedError'],
] as const) {
  testTerminal(`asked about a large download, ${key} means: ${outcome}`, async (t) => {
    const command = `"${process.execPath}" --import tsx "${child}"`;
    const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let shown = '';
    for await (const chunk of terminal.stdout) {
      shown += String(chunk);
      if (shown.endsWith('[Y/n] ')) terminal.stdin.write(typed);
      if (shown.includes(outcome)) break;
    }
    terminal.stdin.end();
    t.true(shown.includes(`420 MB. Download it? [Y/n] `));
    t.true(shown.includes(outcome), shown);
  });
}
