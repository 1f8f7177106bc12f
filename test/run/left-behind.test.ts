import { readLeftBehind } from '../../src/evidence/left-behind.ts';
import { readJournal } from '../../src/evidence/journal.ts';
import { runCommandLine, testShells } from './shells.ts';

testShells('what a run leaves running is told by its name, and nothing of the plan’s own', async (t, shell) => {
  const { bytes } = await runCommandLine(t, shell, [{ commands: ['sleep 300 >/dev/null 2>&1 & echo $!'] }]);
  const { commands } = readJournal(bytes);
  const pid = Number(commands[0]?.output.toString());
  process.kill(pid);
  const { processes } = readLeftBehind(commands.find(({ purpose }) => purpose === 'left')?.output.toString() ?? '');
  t.deepEqual(processes, [{ pid, name: 'sleep' }]);
});
