import { visible, visibleLine } from '../visible.ts';

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What HTML allows in no document (Infra, noncharacters). */
const unprintable = /[\ufdd0-\ufdef\ufffe\uffff]/g;

/** Any text, line ends included, fit to stand between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replace(unprintable, '\ufffd')
    .replace(/[&<>"']/g, (character) => references[character] ?? character);
}

/** The same on one line. */
export function escapeHtmlLine(text: string): string {
  return escapeHtml(visibleLine(text));
}

/** `class="code"`: of unknown content, so what turns the direction of text must not reach beyond it. */
export function htmlCode(text: string): string {
  return text === '' ? '' : `<code>${escapeHtmlLine(text)}</code>`;
}
