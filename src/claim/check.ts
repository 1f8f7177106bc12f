import type { StudyProblem } from '../core/errors.ts';
import type { Claim, Study } from '../study/schema.ts';
import type { StudySource, YamlPath } from '../study/source.ts';
import type { StudyIndex } from '../study/study-index.ts';
import { suggest } from '../study/suggest.ts';
import { CellNames, namesOf, parametersOf, type Written } from './cells.ts';
import type { ExpressionFault } from './expression-fault.ts';
import { expressionFault, type Variables } from './expression.ts';
import { checkNames, checkShared, isTaken } from './names.ts';
import { variablesFor, variablesOfRun, withSelected } from './scope.ts';
import { selectionFault } from './selection-fault.ts';
import { tryParse } from './syntax.ts';

/**
 * Names that claims could not use, and expressions that do not parse, that name what there is not, that compare what
 * cannot be compared, or that read nothing.
 */
export function checkClaims(study: Study, index: StudyIndex, source: StudySource): StudyProblem[] {
  const written = { study, index };
  const taken = new Set([...variablesFor(written).keys(), ...parametersOf(study).keys()].filter(isTaken));
  const clashing = Object.keys(study.measures ?? {}).filter((name) => index.stepOf(name) !== undefined);
  const checker = { written, cells: new CellNames(written), taken: new Set([...taken, ...clashing]), source };
  return [
    ...checkNames(study, taken, source),
    ...checkShared(study, index, source),
    ...Object.keys(study.measures ?? {}).flatMap((name) => checkMeasure(name, checker)),
    ...checkSelfChecks(checker),
    ...study.claims.flatMap((claim, at) => checkClaim(claim, at, checker)),
  ];
}

interface Checker {
  readonly written: Written;
  readonly cells: CellNames;
  /** Names that mean something else in expressions, or two things. */
  readonly taken: ReadonlySet<string>;
  readonly source: StudySource;
}

function checkSelfChecks(checker: Checker): StudyProblem[] {
  const { study } = checker.written;
  const variables = variablesFor(checker.written);
  const checks = [
    { what: 'selfCheck', path: ['selfCheck', 'expect'], check: study.selfCheck },
    ...study.experiments.map(({ id, selfCheck }, at) => ({
      what: `experiment '${id}', selfCheck`,
      path: ['experiments', at, 'selfCheck', 'expect'],
      check: selfCheck,
    })),
  ];
  return checks.flatMap(({ what, path, check }) =>
    check === undefined ? [] : problemOf(faultIn(check.expect, variables, 'bool', checker), path, what, checker),
  );
}

function checkClaim(claim: Claim, at: number, checker: Checker): StudyProblem[] {
  const unknown = checkParameters(claim, ['claims', at, 'for'], checker);
  if (unknown.length > 0) return unknown;
  const variables = variablesFor(checker.written, claim.for, checker.cells);
  return (['given', 'expect'] as const).flatMap((key) => {
    const expression = claim[key];
    if (expression === undefined) return [];
    const fault = faultIn(expression, variables, 'bool', checker);
    return problemOf(fault, ['claims', at, key], `claim '${claim.id}', ${key}`, checker);
  });
}

/** A claim is judged for the values of parameters that what it speaks of has. */
function checkParameters(claim: Claim, path: YamlPath, { written, cells, source }: Checker): StudyProblem[] {
  const experiments = namesOf([claim.given, claim.expect]).flatMap((name) => cells.experimentOf(name) ?? []);
  const known = [...new Set(experiments.flatMap(({ matrix }) => Object.keys(matrix?.parameters ?? {})))];
  const all = [...parametersOf(written.study).keys()];
  const isParsed = [claim.given, claim.expect].every((each) => each === undefined || tryParse(each) !== null);
  return (claim.for ?? []).flatMap((name, index) => {
    // What an expression reads that does not parse is not known.
    if (known.includes(name) || (all.includes(name) && !isParsed)) return [];
    const message = all.includes(name)
      ? `nothing that the claim '${claim.id}' reads has the parameter '${name}'`
      : `there is no parameter '${name}'${suggest(name, all)}`;
    return [source.problem([...path, index], message)];
  });
}

function checkMeasure(name: string, checker: Checker): StudyProblem[] {
  const { cells, written } = checker;
  const measure = cells.measure(name);
  if (measure === undefined) return [];
  const path = ['measures', name, 'of'];
  const captures = cells.capturesOfMeasure(measure);
  const experiments = new Set(captures.flatMap((capture) => cells.experimentOf(capture) ?? []));
  const [experiment, other] = experiments;
  if (experiment === undefined) {
    const variables = variablesFor(written);
    return problemOf(faultIn(measure.of, variables, 'number', checker), path, `measure '${name}'`, checker);
  }
  if (other !== undefined) {
    const message = `it reads what two experiments print, '${experiment.id}' and '${other.id}'; a measure is of one`;
    return problemOf({ message, range: null }, path, `measure '${name}'`, checker);
  }
  const fault = faultIn(measure.of, variablesOfRun(written, experiment), 'number', checker);
  return problemOf(fault, path, `measure '${name}'`, checker);
}

function faultIn(
  expression: string,
  variables: Variables,
  wanted: 'bool' | 'number',
  { cells, taken }: Checker,
): ExpressionFault | null {
  // What a name means that is taken is told once, where it is given.
  if (mentions(expression, taken)) return null;
  const sound = new Map([...variables].filter(([name]) => !taken.has(name)));
  return selectionFault(expression, cells) ?? expressionFault(expression, withSelected(expression, sound), wanted);
}

function problemOf(fault: ExpressionFault | null, path: YamlPath, what: string, { source }: Checker): StudyProblem[] {
  if (fault === null) return [];
  const message = `${what}: ${fault.message}`;
  return [fault.range === null ? source.problem(path, message) : source.problemWithin(path, fault.range, message)];
}

/** By its words, for an expression with such a name need not parse. */
function mentions(expression: string, names: ReadonlySet<string>): boolean {
  return (expression.match(/\w+/g) ?? []).some((word) => names.has(word));
}
