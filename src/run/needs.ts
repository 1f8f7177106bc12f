import { shellQuote } from '../core/shell.ts';
import type { Need } from '../study/needs.ts';
import { defaultLimitS } from './limits.ts';

/** The lines of a plan that ask for what an experiment needs: see needs.sh. `guest`: the name of the one that runs it. */
export function needLines(needs: readonly Need[], guest: string): string[] {
  return needs.map((need) => {
    const words = [need.name, textOf(need, guest)].map(shellQuote);
    return `rf_need ${need.kind} ${words.join(' ')} ${defaultLimitS}`;
  });
}

/** As a reader of the journal would ask for it. */
function textOf({ kind, name }: Need, guest: string): string {
  if (kind === 'kernel') return `kernel_has ${name}`;
  if (kind !== 'guest') return `command -v ${name}`;
  return `case ${shellQuote(guest)} in ${name.split(' ').join(' | ')}) ;; *) false ;; esac`;
}
