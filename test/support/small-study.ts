import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { StudyError, type StudyProblem } from '../../src/core/errors.ts';
import { loadCheckedStudy } from '../../src/commands/checked-study.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A whole study in few lines; its commands take a second in the embedded guest. */
export const smallStudy = `format: 1
id: small
title: { en: A small study, zh: 小研究 }
paper:
  title: { en: A paper, zh: 一篇论文 }
  authors: [{ en: Somebody, zh: 某人 }]
  journal: { en: A journal, zh: 某期刊 }
  year: 2024
environment:
  release: Any Linux 1
  releaseFile: /etc/any-release
  releasePattern: '1'
  prompt: '#'
  differences: { en: None., zh: 无。 }
origins:
  text: { en: The text., zh: 正文。 }
  reconstructed: { en: Another source., zh: 其他来源。 }
  added: { en: Ours., zh: 新增。 }
experiments:
  - id: first
    section: '1'
    title: { en: The first, zh: 第一 }
    steps:
      - id: make
        title: { en: Make a namespace, zh: 创建命名空间 }
        origin: text
        script: make.sh
        commands:
          - { run: ip netns list, capture: names, parse: namespaces }
  - id: second
    section: '2'
    title: { en: The second, zh: 第二 }
    after: first
    steps:
      - id: look
        title: { en: Look again, zh: 再看 }
        origin: added
        commands:
          - { run: ip netns list, capture: again, parse: namespaces }
figures:
  - id: '1'
    origin: text
    caption: { en: The list, zh: 列表 }
    paper: { en: It lists a., zh: 列出 a。 }
    terminal: [names]
claims:
  - id: made
    origin: text
    figure: '1'
    statement: { en: There is a, zh: 有 a }
    expect: names.namespaces.exists(n, n.name == "a")
  - id: kept
    origin: added
    statement: { en: It is still there, zh: 它还在 }
    expect: again.namespaces.exists(n, n.name == "a")
`;

export const smallScript = '# One namespace.\nip netns add a\nip netns list\n';

/** Replaces pieces of a text; each must be there. */
export function edit(text: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`there is no '${from}' to replace`);
    return result.replace(from, () => to);
  }, text);
}

/** Its second experiment takes longer than anybody would wait. */
export const endlessStudy = edit(smallStudy, [
  '- { run: ip netns list, capture: again, parse: namespaces }',
  '- { run: ping -c 1000 127.0.0.1, capture: endless, parse: ping, limitSeconds: 3000 }\n          - { run: ip netns list, capture: again, parse: namespaces }',
]);

/** Writes a study and its scripts into a folder of its own. */
export async function writeStudy(
  t: ExecutionContext,
  yaml: string | Buffer,
  scripts?: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeStudyTo(folder, yaml, scripts);
  return folder;
}

/** The same into a folder that is there, or is made. */
export async function writeStudyTo(
  folder: string,
  yaml: string | Buffer,
  scripts: Readonly<Record<string, string>> = { 'make.sh': smallScript },
): Promise<void> {
  for (const [path, content] of Object.entries({ 'study.yaml': yaml, ...scripts })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** What `lint` would say of a study. */
export async function problemsOf(
  t: ExecutionContext,
  yaml: string | Buffer,
  scripts?: Readonly<Record<string, string>>,
): Promise<readonly StudyProblem[]> {
  const folder = await writeStudy(t, yaml, scripts);
  try {
    await loadCheckedStudy(folder);
    return [];
  } catch (error) {
    if (error instanceof StudyError) return error.problems;
    throw error;
  }
}

/**
 * Checks the problems of a study against the marks `‹…›` in it: one problem at each `‹`, in order, whose message has the
 * text that follows, up to `›`. The marks themselves are not part of the study.
 */
export async function expectProblems(
  t: ExecutionContext,
  marked: string,
  scripts?: Readonly<Record<string, string>>,
): Promise<void> {
  const expected: { at: string; message: string }[] = [];
  let plain = '';
  for (const piece of marked.split(/(‹[^›]*›)/)) {
    if (piece.startsWith('‹')) {
      const lines = plain.split('\n');
      expected.push({ at: `${lines.length}:${(lines.at(-1) ?? '').length + 1}`, message: piece.slice(1, -1) });
    } else plain += piece;
  }
  const found = await problemsOf(t, plain, scripts);
  t.deepEqual(
    found.map(({ line, column, message }, index) => {
      const wanted = expected[index]?.message ?? '';
      return { at: `${line}:${column}`, message: message.includes(wanted) ? wanted : message };
    }),
    expected,
  );
}
