import type { IndexedCapture } from '../study/study-index.ts';
import { layout } from './layout.ts';

/** The file of a capture: what a command printed is text, and a file that was collected keeps the ending of its name. */
export function captureFile({ name, command: { file } }: Pick<IndexedCapture, 'name' | 'command'>): string {
  if (file === undefined) return layout.capture(name);
  const extension = /\.([A-Za-z0-9]{1,16})$/.exec(file)?.[1]?.toLowerCase();
  return layout.collected(name, extension ?? 'bin');
}
