import { fileURLToPath } from 'node:url';
import { Terminal, testAtTerminal } from '../support/terminal.ts';

const child = fileURLToPath(new URL('consent-child.ts', import.meta.url));

for (const [key, typed, outcome] of [
  ['Enter', '\n', 'consent: yes'],
  ['y', 'y\n', 'consent: yes'],
  ['n', 'n\n', 'consent: no'],
  ['the end of the input', '\u0004', 'consent: no'],
  ['Ctrl-C', '\u0003', 'InterruptedError'],
] as const) {
  testAtTerminal(`asked about a large download, ${key} means: ${outcome}`, async (t) => {
    const terminal = new Terminal(t, [process.execPath, '--import', 'tsx', child]);
    await terminal.shows(/420 MB\. Download it\? \[Y\/n\]$/);
    terminal.type(typed);
    t.is(await terminal.ended, 0);
    t.is(terminal.text.split('\n').at(-1), outcome);
  });
}
