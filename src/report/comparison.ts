/** How a regenerated figure compares with what the paper shows in it, line by line. */
export interface FigureComparison {
  /** `equivalent`: the same once what may differ (addresses made at random, times) is masked. */
  readonly state: 'same' | 'equivalent' | 'different';
  /** What was masked, as the study names it, and how often. */
  readonly masks: readonly { readonly name: string; readonly count: number }[];
  /** Lines count from 1; a side that lacks the line is null. */
  readonly differences: readonly {
    readonly line: number;
    readonly paper: string | null;
    readonly rerun: string | null;
  }[];
}
