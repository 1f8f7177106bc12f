import type { ProviderTerms } from '../core/provider.ts';

/** The terms of a machine that is made for the run, and whose clock is the host's: whatever else a run asks is granted. */
export const ownMachineTerms: ProviderTerms = {
  ownership: 'ours',
  clocks: [{ kind: 'real', keep: { state: 'yes' } }],
  cold: { state: 'yes' },
};
