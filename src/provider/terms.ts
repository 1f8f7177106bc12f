import type { ProviderTerms } from '../core/provider.ts';

/** The terms of a machine that is made for the run: whatever a run asks is granted. */
export const ownMachineTerms: ProviderTerms = { ownership: 'ours', keep: { state: 'yes' }, cold: { state: 'yes' } };
