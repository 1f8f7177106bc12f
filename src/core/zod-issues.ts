import type { z } from 'zod';

export type Issue = z.core.$ZodIssue;

/** zod's findings one by one: those of a union are those of the one of its members that was probably meant. */
export function issuesOf({ issues }: z.ZodError): Issue[] {
  return issues.flatMap(withinUnion);
}

function withinUnion(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const members = issue.errors.map((found) => found.flatMap(withinUnion));
  const meant = members.filter((found) => !found.some(isOfOtherSort)).sort((a, b) => a.length - b.length)[0];
  if (meant === undefined) return [issue];
  return meant.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

/** That the whole is an object in place of a text, say: such a member was not meant. */
function isOfOtherSort({ code, path, input }: Issue): boolean {
  if (path.length > 0) return false;
  return code === 'invalid_type' || (code === 'invalid_value' && typeof input === 'object');
}
