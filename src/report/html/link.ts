import { escapeHtml, escapeHtmlLine } from './escape.ts';

/** A link to a file of the run's folder. */
export function htmlLink(text: string, path: string): string {
  return `<a href="${escapeHtml(encodeURI(path))}">${escapeHtmlLine(text)}</a>`;
}
