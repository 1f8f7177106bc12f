import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a study of one experiment with one command and one capture a step into a new folder; gives the folder. */
export async function makeStudy(folder: string, commands: readonly string[]): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'study.yaml'), studyOf(commands));
  return folder;
}

function studyOf(commands: readonly string[]): string {
  const both = (text: string): string => `{ en: ${text}, zh: ${text} }`;
  const steps = commands.map(
    (run, index) => `      - id: s${index}
        title: ${both('S')}
        origin: added
        commands: [{ run: '${run}', capture: c${index} }]
`,
  );
  return `format: 1
id: growth
title: ${both('Growth')}
paper: { title: ${both('None')}, authors: [${both('Nobody')}], journal: ${both('None')}, year: 2024 }
environment:
  { release: Any, releaseFile: /etc/os-release, releasePattern: '.', prompt: '#', differences: ${both('None')} }
origins: { text: ${both('T')}, reconstructed: ${both('R')}, added: ${both('A')} }
experiments:
  - id: only
    section: '1'
    title: ${both('E')}
    steps:
${steps.join('')}      - id: last
        title: ${both('L')}
        origin: added
        commands: [{ run: ip netns list, capture: names, parse: namespaces }]
figures:
  - { id: '1', origin: added, caption: ${both('F')}, paper: ${both('None')}, terminal: [c0] }
claims:
  - { id: none, origin: added, statement: ${both('None')}, expect: 'names.namespaces.size() == 0' }
`;
}
