import type { Answers } from './answers.ts';

/** The README of a new study. `workflow`: the file of its workflow, relative to the README. */
export function readmeText({ title, source, languages: [language] }: Answers, workflow: string): string {
  const where = source.kind === 'own' ? null : source.kind === 'paper' ? `https://doi.org/${source.doi}` : source.url;
  return (language === 'zh' ? chinese : english)({ title, where, workflow });
}

interface Told {
  readonly title: string;
  /** The link to what is rerun. */
  readonly where: string | null;
  /** The workflow's file. */
  readonly workflow: string;
}

function english({ title, where, workflow }: Told): string {
  return `# ${title}

A study for Refigure: \`study.yaml\` says what runs, what is measured and what is claimed.
${where === null ? '' : `It reruns <${where}>.\n`}
\`\`\`sh
refigure lint .             # is it sound?
refigure run .              # runs it; the report is in reports/
\`\`\`

\`${workflow}\` runs it on GitHub, and keeps the report. It needs to know what npm can install Refigure from (a Git address
or a tarball): set the repository's variable \`REFIGURE\` to that (Settings, Secrets and variables, Actions, Variables).

\`study.schema.json\` is for editors: they complete and check the study with it.
`;
}

function chinese({ title, where, workflow }: Told): string {
  return `# ${title}

Refigure 的一项研究：\`study.yaml\` 写明运行什么、测量什么、论断什么。
${where === null ? '' : `重现的来源：<${where}>。\n`}
\`\`\`sh
refigure lint .             # 检查研究
refigure run .              # 运行；报告位于 reports/
\`\`\`

\`${workflow}\` 在 GitHub 上运行本研究并保存报告。须把仓库变量 \`REFIGURE\` 设为 npm 可安装 Refigure 的来源（Git 地址或
压缩包）：Settings → Secrets and variables → Actions → Variables。

\`study.schema.json\` 供编辑器补全与检查研究之用。
`;
}
