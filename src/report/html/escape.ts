import { visible, visibleLine } from '../visible.ts';

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** C1 controls, which a terminal obeys and a browser hides, and what HTML allows in no document (Infra, noncharacters). */
const unprintable = /[\u0080-\u009f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu;

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
