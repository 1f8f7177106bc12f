import type { Verdict } from '../claim/judge.ts';

/** How a verdict came about, as plain text in lines. */
export interface Working {
  /** On one line, as `expect`; null where the claim presupposes nothing. */
  readonly given: string | null;
  readonly expect: string;
  /** `isolated.received = 0`, in the order in which they were read. */
  readonly values: readonly string[];
  /** More was read than `values` holds. */
  readonly moreValues: boolean;
}

export function workingOf({ expression, values, moreValues }: Verdict): Working {
  const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');
  return {
    given: expression.given === null ? null : oneLine(expression.given),
    expect: oneLine(expression.expect),
    values: values.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`),
    moreValues,
  };
}
