import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { visibleLine } from '../visible.ts';
import { escapeHtml } from './escape.ts';

/**
 * Prose is inline: whatever would begin a block is text. Neither HTML nor pictures are taken from it: a report shows its
 * own figures and fetches nothing.
 */
const inlineOnly = [
  'blockQuote',
  'codeFenced',
  'codeIndented',
  'definition',
  'gfmFootnoteCall',
  'gfmFootnoteDefinition',
  'gfmPotentialFootnoteCall',
  'headingAtx',
  'htmlFlow',
  'htmlText',
  'labelStartImage',
  'list',
  'setextUnderline',
  'table',
  'thematicBreak',
];

/** Nothing in it means anything in Markdown or HTML, nor is it a link that GFM makes of itself. */
const plain = /^(?!.*www\.)[^`*_~[\]<>&\\!|:@/"]*$/i;

/** What may begin or end emphasis, code or a link. micromark looks at each of them together with each other one. */
const delimiters = /[*_~`[\]]/g;
/** No sentence has so many. */
const maxDelimiters = 300;

/**
 * Markdown without block elements as HTML that stands within a paragraph; links lead to http, https or mailto only. A text
 * with more than 300 delimiters is shown as it is written.
 */
export function inlineMarkdown(markdown: string): string {
  const line = visibleLine(onOneLine(markdown));
  if (plain.test(line)) return line;
  if ((line.match(delimiters) ?? []).length > maxDelimiters) return escapeHtml(line);
  const html = micromark(line, {
    extensions: [gfm(), { disable: { null: inlineOnly } }],
    htmlExtensions: [gfmHtml()],
  });
  return html.replace(/^<p>|<\/p>$/g, '');
}

function onOneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** The words of it, still escaped: fit for a title or an attribute. */
export function inlineWords(markdown: string): string {
  return inlineMarkdown(markdown).replaceAll(/<[^>]*>/g, '');
}
