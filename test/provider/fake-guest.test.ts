import { FakeProvider } from '../support/fake-guest.ts';
import { providerContract } from './contract/provider-contract.ts';

// The fake passes what every provider passes, so that what the tests show with it holds of a real guest, too.

const provider = new FakeProvider();

providerContract({
  title: 'fake',
  tools: ['procfs', 'root'],
  make: () => provider,
  ownership: 'ours',
  phases: ['booting'],
  abortIn: 'booting',
  hasEntrance: false,
  lacking: null,
  death: {
    bring: () => {
      provider.guest.die();
    },
    reason: /its machine stopped/,
  },
  held: null,
}).end();
