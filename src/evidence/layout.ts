/** Where things are in a run's folder; all paths relative to it, `/`-separated. */
export const layout = {
  /** Facts of the run, the guest and the host. */
  run: 'run.json',
  /** SHA-256 of every file of the evidence. */
  manifest: 'manifest.json',
  /** There where the study is another one than ran: see judged-record.ts. */
  judged: 'judged.json',
  /** The study as it was run, or that by which the run was judged anew. */
  study: 'study',
  journals: 'journal',
  captures: 'captures',
  /** Each experiment's journal, as the guest wrote it. */
  journal: (experiment: string): string => `journal/${experiment}.journal`,
  /** When the pieces of a journal arrived: see arrivals.ts. Runs before these were noted have none. */
  arrivals: (experiment: string): string => `journal/${experiment}.arrivals`,
  /** What one command printed. */
  capture: (id: string): string => `captures/${id}.txt`,
  /** A file of the guest, with the ending of its name there. */
  collected: (id: string, extension: string): string => `captures/${id}.${extension}`,
  captureErrors: (id: string): string => `captures/${id}.stderr.txt`,
  console: 'guest/console.log',
  /** There while the run goes on: see running.ts. */
  running: 'running.json',
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

/** Whether a path is of what is made from the evidence. */
export function isDerived(path: string): boolean {
  const reports = (['en', 'zh'] as const).flatMap((language) => [layout.report(language), layout.page(language)]);
  if (path === layout.verdicts || reports.includes(path)) return true;
  return [layout.figures, layout.recordings].some((place) => path.startsWith(`${place}/`));
}
