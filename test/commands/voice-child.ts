import { Interrupts } from '../../src/commands/interrupts.ts';
import { makeVoice } from '../../src/commands/voice.ts';

// Run by voice.test.ts in a terminal: asks, and says what came of it.

const interrupts = new Interrupts();
try {
  const allowed = await makeVoice({}).allows('A download of 420 MB.', interrupts.signal);
  process.stdout.write(`allowed: ${allowed}\n`);
} catch (error) {
  process.stdout.write(`${(error as Error).name}\n`);
} finally {
  interrupts.release();
}
