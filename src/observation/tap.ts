import type { Fields, Parser } from './parser.ts';
import { reading, refuse, refuseDamaged, wholeNumber, type Line } from './reading.ts';
import type { Reading } from './types.ts';

/** What a test program says in TAP, the Test Anything Protocol (versions 12 to 14), or in the kernel's KTAP. */
export interface TapObservation {
  readonly kind: 'tap';
  /** How many tests its plan (`1..4`) has. */
  readonly planned: number;
  /** Of the tests at the margin: those that passed, skipped ones and those of which it does not matter (TODO) apart. */
  readonly passed: number;
  /**
   * Those that failed, with those that the plan has and that did not come, those that it has not or that came a second time,
   * and one for a program that gave up.
   */
  readonly failed: number;
  /** One for a program that was skipped as a whole (`1..0 # SKIP`). */
  readonly skipped: number;
  /** Those that are expected to fail: TODO, and KTAP's XFAIL. */
  readonly todo: number;
  /** Whether it gave up (`Bail out!`). */
  readonly bailedOut: boolean;
  /** In their order; subtests (`depth` 1 and more) stand before the test that sums them up. */
  readonly tests: readonly TapTest[];
}

export interface TapTest {
  readonly line: number;
  /** As printed, or counted from 1 among its siblings where it has none. */
  readonly number: number;
  readonly ok: boolean;
  readonly description: string;
  /** `SKIP`, `TODO`, of KTAP `XFAIL`, `TIMEOUT` or `ERROR`, or nothing. */
  readonly directive: string;
  /** What stands behind the directive. */
  readonly reason: string;
  readonly depth: number;
}

/** Subtests are indented by four blanks (TAP 14), by two (KTAP), or stand behind `# ` (kselftest). */
const indentPattern = /^((?:# | )*)(.*)$/;
const testPattern = /^(not )?ok\b(?: +(\d+))?(?: +- +| +-(?= )| +)?(.*)$/;
/** TAP's are words in any case; KTAP's own (Documentation/dev-tools/ktap.rst) only as the kernel writes them. */
const directivePattern = /(?:^|\s)#\s*(?:([Ss][Kk][Ii][Pp]|[Tt][Oo][Dd][Oo])\S*|(XFAIL|TIMEOUT|ERROR)\b)\s*(.*)$/;
const isLater = ({ directive }: TapTest): boolean => directive === 'TODO' || directive === 'XFAIL';
const isBroken = ({ directive }: TapTest): boolean => directive === 'TIMEOUT' || directive === 'ERROR';

/**
 * Reads the tests of a TAP output; what is no line of TAP is passed over, as the protocol says. An output without a plan
 * and without a test is refused.
 */
export function parseTap(text: string): Reading<TapObservation> {
  return reading(text, (lines, unread) => {
    const counts = new Map<number, number>();
    const step = lines.some((line) => /^\s*KTAP version/.test(line.text)) ? 2 : 4;
    const tests: TapTest[] = [];
    let planned: number | null = null;
    let isSkipped = false;
    let bailedOut = false;
    for (const line of lines) {
      const { depth, body } = indentOf(line, step);
      const plan = /^1\.\.(\d+)(?:\s|$)/.exec(body)?.[1];
      if (plan !== undefined && depth === 0) {
        planned ??= wholeNumber(plan, line);
        isSkipped ||= /#\s*skip/i.test(body);
      } else if (/^Bail out!/.test(body)) bailedOut = true;
      else if (testPattern.test(body)) {
        const test = unread.attempt(line, () => readTest(line, body, depth, counts));
        if (test !== null) tests.push(test);
      }
    }
    if (planned === null && tests.length === 0) refuse('holds neither a plan (1..N) nor a test (ok, not ok)', null);
    if (planned === null)
      return refuse('has no plan (1..N): the program may have ended in the midst of its tests', null);
    return { kind: 'tap', planned, bailedOut, ...countsOf(tests, { planned, isSkipped, bailedOut }), tests };
  });
}

function indentOf({ text }: Line, step: number): { depth: number; body: string } {
  const [, indent = '', body = ''] = indentPattern.exec(text) ?? [];
  const blanks = indent.replaceAll('# ', '').length;
  return { depth: indent.split('# ').length - 1 + Math.ceil(blanks / step), body };
}

function readTest(line: Line, body: string, depth: number, counts: Map<number, number>): TapTest {
  refuseDamaged(line);
  const [, not, printed, rest = ''] = testPattern.exec(body) ?? [];
  const number = printed === undefined ? (counts.get(depth) ?? 0) + 1 : wholeNumber(printed, line);
  counts.set(depth, number);
  for (const deeper of counts.keys()) if (deeper > depth) counts.delete(deeper);
  const directive = directivePattern.exec(rest);
  return {
    line: line.number,
    number,
    ok: not === undefined,
    description: rest.slice(0, directive?.index ?? rest.length).trim(),
    directive: directive?.[1]?.toUpperCase() ?? directive?.[2] ?? '',
    reason: directive?.[3]?.trim() ?? '',
    depth,
  };
}

type Counts = Pick<TapObservation, 'passed' | 'failed' | 'skipped' | 'todo'>;

function countsOf(
  tests: readonly TapTest[],
  { planned, isSkipped, bailedOut }: { planned: number; isSkipped: boolean; bailedOut: boolean },
): Counts {
  const numbers = new Set<number>();
  const top: TapTest[] = [];
  let stray = 0;
  for (const test of tests.filter(({ depth }) => depth === 0)) {
    if (test.number < 1 || test.number > planned || numbers.has(test.number)) stray += 1;
    else top.push(test);
    numbers.add(test.number);
  }
  const count = (fits: (test: TapTest) => boolean): number => top.filter(fits).length;
  const lost = planned - top.length + stray;
  return {
    passed: count(({ ok, directive }) => ok && directive === ''),
    failed: count((test) => isBroken(test) || (!test.ok && !isLater(test))) + (bailedOut ? Math.max(1, lost) : lost),
    skipped: count(({ ok, directive }) => ok && directive === 'SKIP') + (isSkipped && planned === 0 ? 1 : 0),
    todo: count(isLater),
  };
}

const testFields: Fields<TapTest> = {
  number: 'int',
  ok: 'bool',
  description: 'string',
  directive: 'string',
  reason: 'string',
  depth: 'int',
};

const fields: Fields<TapObservation> = {
  planned: 'int',
  passed: 'int',
  failed: 'int',
  skipped: 'int',
  todo: 'int',
  bailedOut: 'bool',
  tests: 'list<TapTest>',
};

export const tapParser: Parser<'tap', TapObservation> = {
  name: 'tap',
  read: parseTap,
  type: 'Tap',
  types: { TapTest: testFields, Tap: fields },
};
