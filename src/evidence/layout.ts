import type { Makes } from '../study/schema.ts';

/** Where things are in a run's folder; all paths relative to it, `/`-separated. */
export const layout = {
  /** Facts of the run, the guest and the host. */
  run: 'run.json',
  /** SHA-256 of every file of the evidence. */
  manifest: 'manifest.json',
  /** The study as it was run. */
  study: 'study',
  /** Each experiment's journal, as the guest wrote it. */
  journal: (experiment: string): string => `journal/${experiment}.journal`,
  /** When the pieces of a journal arrived: see arrivals.ts. Runs before these were noted have none. */
  arrivals: (experiment: string): string => `journal/${experiment}.arrivals`,
  /** What one command printed. */
  capture: (id: string): string => `captures/${id}.txt`,
  captureErrors: (id: string): string => `captures/${id}.stderr.txt`,
  console: 'guest/console.log',
  /** Derived: made from the evidence, never read as evidence. */
  verdicts: 'verdicts.json',
  report: (language: 'en' | 'zh'): string => (language === 'en' ? 'report.md' : `report.${language}.md`),
  /** The same as one page of HTML that needs no other file. */
  page: (language: 'en' | 'zh'): string => (language === 'en' ? 'report.html' : `report.${language}.html`),
  figures: 'figures',
  recordings: 'recordings',
  /** Each experiment as a terminal showed it, in asciicast v2. */
  recording: (experiment: string): string => `recordings/${experiment}.cast`,
} as const;

/** The journal of the questions that Refigure itself asks of the guest. */
export const factsExperiment = 'facts';

/** The id of the step that observes the network after a step of the study. */
export function topologyStep(step: string): string {
  return `${step}:topology`;
}

/** The command that reads the file which names the guest's release. */
export function releaseCommand(releaseFile: string): string {
  return `cat ${releaseFile}`;
}

/** The commands that observe the root namespace, as src/run/topology.sh has them. */
export interface RootProbe {
  readonly list: string;
  readonly address: string;
  readonly routes: string;
  readonly ids: string;
}

export const rootProbe: RootProbe = {
  list: 'ip netns list',
  address: 'ip -d address',
  routes: 'ip route',
  ids: 'ip netns list-id',
};

/**
 * The same on a machine of the user's: of what it has, only what the study makes, and the loopback device. Its addresses
 * are nobody's business.
 */
export function borrowedRootProbe({ namespaces, devices }: Makes): RootProbe {
  const one = (names: readonly string[]): string => `(${names.join('|').replaceAll('.', '\\.')})`;
  return {
    list: `${rootProbe.list} | grep -E '^${one(namespaces)}( |$)'`,
    address: `for device in ${['lo', ...devices].join(' ')}; do ip -d address show dev "$device" 2>/dev/null; done`,
    routes: `${rootProbe.routes} | grep -E ' dev ${one(devices)}( |$)'`,
    ids: `${rootProbe.ids} | grep -E ' name: ${one(namespaces)}[)]'`,
  };
}
