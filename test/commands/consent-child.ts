import { Interrupts } from '../../src/commands/interrupts.ts';
import { askConsent } from '../../src/commands/consent.ts';

// Run by consent.test.ts in a terminal: asks, and says what came of it.

const interrupts = new Interrupts();
interrupts.listen();
try {
  const consent = await askConsent('A download of 420 MB.', process.stdout, interrupts.signal);
  process.stdout.write(`consent: ${consent}\n`);
} catch (error) {
  process.stdout.write(`${(error as Error).name}\n`);
} finally {
  interrupts.release();
}
