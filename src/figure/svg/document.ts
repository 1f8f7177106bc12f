import { showHidden } from '../../core/terminal-text.ts';

/** What XML 1.0 (§2.2) refuses, and the C1 controls, which it allows but nobody can see. */
const unprintable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu;

/** A text on one line, of characters that can be seen; to be called before its width is measured. */
export function printable(text: string): string {
  return showHidden(text)
    .replace(/[\t\n\r]+/g, ' ')
    .replace(unprintable, '\ufffd');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Any text, fit to stand between tags or in a quoted attribute; a carriage return, which a terminal obeys, ends a line. */
export function escapeXml(text: string): string {
  return showHidden(text)
    .replace(/\r\n?/g, '\n')
    .replace(unprintable, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A coordinate in px, to a hundredth. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export interface SvgDocument {
  readonly width: number;
  readonly height: number;
  /** The accessible name. */
  readonly title: string;
  /** The accessible description. */
  readonly description: string;
  /** Rules for both themes, then those that a dark theme changes. */
  readonly style: { readonly light: string; readonly dark: string };
  /** Drawn elements, one a line, already escaped. */
  readonly body: readonly string[];
}

const fonts = `ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', monospace`;

/**
 * An SVG that stands for itself: it fetches nothing, runs nothing, and follows the reader's light or dark theme, so it
 * works within `<img>`, where GitHub allows nothing else.
 */
export function svgDocument({ width, height, title, description, style, body }: SvgDocument): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(description)}</desc>`,
    '<style>',
    `text { font-family: ${fonts}; white-space: pre; direction: ltr; unicode-bidi: bidi-override; }`,
    style.light,
    '@media (prefers-color-scheme: dark) {',
    style.dark,
    '}',
    '</style>',
    ...body,
    '</svg>',
    '',
  ].join('\n');
}
