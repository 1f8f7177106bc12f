import { shellQuote } from '../../core/shell.ts';
import type { NewGuest } from './answers.ts';

/**
 * A workflow of GitHub's that runs a study. `study`: its folder, relative to the repository, `/`-separated. Refigure comes from
 * where its user has it: a name on npm that nobody holds would be anybody's to take.
 */
export function workflowText(id: string, study: string, guest: NewGuest): string {
  return `# Runs the study, and keeps its report.
name: 'refigure: ${id}'
on: [push, pull_request]

permissions:
  contents: read

jobs:
  run:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - name: Install Refigure
        env:
          REFIGURE: \${{ vars.REFIGURE }}
        run: |
          if [ -z "$REFIGURE" ]; then
            echo "::error::Set the repository's variable REFIGURE to what npm can install Refigure from: a Git address, a tarball."
            exit 1
          fi
          npm install --global "$REFIGURE"
${guest === 'mini' ? `      - run: sudo apt-get update && sudo apt-get install -y qemu-system-x86\n` : ''}      - run: |
          refigure run ${shellQuote(study)} --guest ${guest} --out "$RUNNER_TEMP/run"
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: refigure-${id}
          path: \${{ runner.temp }}/run
`;
}
