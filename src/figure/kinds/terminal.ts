import { z } from 'zod';
import { captureId } from '../../core/names.ts';
import type { TerminalEntry } from '../terminal/render.ts';
import { eachIn, figureKind } from './kind.ts';

/** Commands and what they printed, as a terminal's screen. */
export const terminal = figureKind({
  name: 'terminal',
  keys: { terminal: z.array(captureId).min(1).describe('Show these captures as a terminal screen.') },
  references: (figure) => eachIn('terminal', figure.terminal, { is: 'capture', words: 'capture', parser: null }),
  expectation: { of: 'printed' },
  form: 'screen',

  async draw(figure, sources, { title, labels }) {
    const transcript: TerminalEntry[] = [];
    for (const capture of figure.terminal) {
      const entry = sources.terminalEntry(capture);
      if (entry === null) return { lacks: capture, because: null };
      transcript.push(entry);
    }
    const { renderTerminal } = await import('../terminal/render.ts');
    return renderTerminal({ title, transcript, labels });
  },
});
