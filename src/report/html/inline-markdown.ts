import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { visibleLine } from '../visible.ts';

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

/** Markdown without block elements as HTML that stands within a paragraph; links lead to http, https or mailto only. */
export function inlineMarkdown(markdown: string): string {
  const line = visibleLine(markdown.replaceAll(/\s*\n\s*/g, ' ').trim());
  if (plain.test(line)) return line;
  const html = micromark(line, {
    extensions: [gfm(), { disable: { null: inlineOnly } }],
    htmlExtensions: [gfmHtml()],
  });
  return html.replace(/^<p>|<\/p>$/g, '');
}

/** The words of it, still escaped: fit for a title or an attribute. */
export function inlineWords(markdown: string): string {
  return inlineMarkdown(markdown).replaceAll(/<[^>]*>/g, '');
}
