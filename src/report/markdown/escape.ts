import { visible, visibleLine } from '../visible.ts';

/** Text for a place in GitHub Flavored Markdown (https://github.github.com/gfm/); Handlebars' own escaping is off. */

/**
 * Text of unknown content within a paragraph or a table cell: nothing of it is markup, nor a link that GFM makes of
 * itself (GFM 6.9).
 */
export function escapeInline(text: string): string {
  return visibleLine(text)
    .replaceAll(/[\\`*_{}[\]<>#|~&$!@]/g, '\\$&')
    .replaceAll(/:(?=\/\/)|(?<=www)\./gi, '\\$&');
}

/** Prose of a study, which is Markdown, within a table cell: only what would end the cell is escaped. */
export function tableCell(markdown: string): string {
  return markdown.replaceAll('\n', ' ').replaceAll(/(?<!\\)\|/g, '\\|');
}

/**
 * A code span; backticks in it call for a longer fence (GFM 6.3). Pipes are escaped for tables (GFM 4.10), and where
 * that can't be done, for a backslash stands before the pipe, the same is written in HTML.
 */
export function codeSpan(text: string): string {
  const shown = visibleLine(text);
  if (shown === '') return '';
  if (shown.includes('\\|') || shown.trim() === '') return htmlCode(shown);
  const fence = '`'.repeat(longestRun(shown, /`+/g) + 1);
  const padding = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown.replaceAll('|', '\\|')}${padding}${fence}`;
}

/** A character reference is never markup (GFM 6.2). */
function htmlCode(text: string): string {
  const references = text.replaceAll(/[^A-Za-z0-9\u0080-\uffff]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${references}</code>`;
}

/** A code block; control characters are shown as pictures (U+2400 …) and bidi controls by their names. */
export function codeBlock(text: string, language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, /`+/g) + 1));
  return `${fence}${language}\n${visible(text).replace(/\n$/, '')}\n${fence}`;
}

/** Relative link target: the characters that would end it are percent-encoded. */
export function linkTarget(path: string): string {
  return encodeURI(path.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll(/[()]/g, (character) =>
    character === '(' ? '%28' : '%29',
  );
}

function longestRun(text: string, pattern: RegExp): number {
  let longest = 0;
  for (const [run] of text.matchAll(pattern)) longest = Math.max(longest, run.length);
  return longest;
}
