import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import { renderRouteTable } from '../../observation/route-table.ts';
import type { Observation } from '../../observation/observe.ts';
import type { TerminalEntry } from '../terminal/render.ts';
import { eachIn, figureKind } from './kind.ts';

/** Routes as `route -n` would print them, under the command that did print them. */
export const routeTable = figureKind({
  name: 'routeTable',
  keys: { routeTable: z.array(captureId).min(1).describe('Show these routes as `route -n` would print them.') },
  references: (figure) =>
    eachIn('routeTable', figure.routeTable, { is: 'capture', words: 'capture of routes', parser: 'routes' }),
  expectation: { of: 'rendered', render: tableOf },
  form: 'screen',
  note: {
    en: 'The command that ran is `ip route`; the table is how `route -n` would show the same routes. What was printed stands in the transcript above.',
    zh: '实际运行的命令是 `ip route`；此表为 `route -n` 显示同样路由的样子。原始输出见上面的终端记录。',
  },

  async draw(figure, sources, { title, labels, say }) {
    const transcript: TerminalEntry[] = [];
    for (const capture of figure.routeTable) {
      const entry = sources.terminalEntry(capture);
      const observation = sources.observation(capture);
      const table = observation === null ? null : tableOf(observation);
      if (entry === null || table === null) return { lacks: capture, because: null };
      // A shell comment behind the command: it ran as it stands, and what is shown is not quite what it printed.
      const command = `${entry.command}  # ${say(comment)}`;
      transcript.push({ prompt: entry.prompt, command, output: Buffer.from(table) });
    }
    const { renderTerminal } = await import('../terminal/render.ts');
    return renderTerminal({ title, transcript, labels });
  },
});

const comment = { en: 'shown as route -n shows it', zh: '以 route -n 的形式显示' };

function tableOf(observation: Observation): string | null {
  return observation.kind === 'routes' ? renderRouteTable(observation) : null;
}
