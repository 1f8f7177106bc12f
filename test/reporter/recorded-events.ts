import type { RunEvent, ToldEvent } from '../../src/run/events.ts';
import type { Output, ReporterContext } from '../../src/reporter/reporter.ts';

/** As the stream of a run gives them out. */
export function told(...events: readonly RunEvent[]): readonly ToldEvent[] {
  return events.map((event) => ({
    time: '2024-01-01T00:00:00.000Z',
    run: '00000000-0000-4000-8000-000000000000',
    ...event,
  }));
}

class Collected implements Output {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

export interface CollectedContext extends ReporterContext {
  readonly stdout: Collected;
  readonly stderr: Collected;
}

export function collectedContext(environment: Record<string, string> = {}): CollectedContext {
  const stdout = new Collected();
  return { raw: stdout, stdout, stderr: new Collected(), isTerminal: false, environment };
}

const place = { experiment: 'first', step: 'make', purpose: 'study', number: 1 } as const;
const title = { en: 'The first', zh: '第一' };

/** The events of a short run that came to its end. */
export const wholeRun: readonly RunEvent[] = [
  {
    kind: 'run-start',
    study: { id: 'small', file: 'study.yaml', title },
    paper: { title: { en: 'A paper', zh: '论文' }, year: 2024 },
    experiments: [{ id: 'first', section: '1', title, steps: [{ id: 'make', title: { en: 'Make it', zh: '做' } }] }],
    until: null,
    asked: 'auto',
    host: { system: 'Linux 6.1', architecture: 'x64', node: 'v20', refigure: '0.1.0', commit: null },
    folder: 'runs/a',
  },
  { kind: 'guest-chosen', guest: 'mini', asked: 'auto', passedOver: [{ guest: 'centos-7.6', reason: 'no\n  box' }] },
  { kind: 'part-start', part: 'boot' },
  { kind: 'boot', phase: 'booting', at: null },
  { kind: 'part-end', part: 'boot', ms: 1000, state: 'done' },
  {
    kind: 'guest-ready',
    guest: {
      name: 'mini',
      provider: 'QEMU 7',
      image: { name: 'mini', files: [] },
      ownership: 'ours',
      start: 'booted',
      clock: { kind: 'real' },
      transport: { kind: 'ssh', hostKey: { source: 'serial console', fingerprint: 'SHA256:a' } },
    },
  },
  { kind: 'part-start', part: 'experiment', experiment: 'first' },
  { kind: 'step-start', experiment: 'first', step: 'make' },
  { kind: 'command-start', ...place, id: 'c1', command: 'ping 127.0.0.1\n# more' },
  { kind: 'output', ...place, stream: 'both', line: '64 bytes: seq=1', cutBytes: 0 },
  { kind: 'output', ...place, stream: 'both', line: '::error::not ours', cutBytes: 0 },
  { kind: 'command-end', ...place, status: 1, how: 'exited', seconds: 1.5 },
  { kind: 'command-failed', ...place, command: 'make it', status: 1, how: 'exited', readiness: null, lastLine: 'no' },
  { kind: 'output', ...place, purpose: 'topology', number: 2, stream: 'both', line: 'of a probe', cutBytes: 0 },
  { kind: 'step-end', experiment: 'first', step: 'make', status: 0 },
  { kind: 'part-end', part: 'experiment', experiment: 'first', ms: 2000, state: 'done' },
  { kind: 'run-end', folder: 'runs/a', state: 'complete', failure: null, unsealed: null },
  { kind: 'report-start' },
  {
    kind: 'report-end',
    state: 'complete',
    folder: 'runs/a',
    report: 'runs/a/report.md',
    page: 'runs/a/report.html',
    summary: {
      outcome: 'refuted',
      headline: 'Not reproduced: 50% of it, 1: 2.',
      claims: { upheld: 1, refuted: 1, undecided: 0, asExpected: 0, skipped: 0, notExamined: 0 },
      figures: { same: 0, equivalent: 0, different: 0, undecided: 0 },
      figuresLine: null,
      failures: 1,
      notUpheld: [
        {
          claim: 'made',
          state: 'refuted',
          lines: [
            'made: refuted: There is a',
            '  Expected: names.namespaces.size() == 1',
            '    names.namespaces.size() = \u001b[2J0',
          ],
        },
      ],
      release: { wanted: 'Any Linux', found: null, matches: false },
    },
  },
  { kind: 'exit', status: 1, failure: null },
];
