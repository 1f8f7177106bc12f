import type { Translate } from '../language.ts';
import { sayRemark } from '../say.ts';
import type { Marks, ShownCommand, ShownOutput } from '../model/transcript.ts';
import { escapeHtml, escapeHtmlLine } from './escape.ts';
import { htmlLink } from './link.ts';

/** The anchor of a line that decides a claim. */
export function lineAnchor(capture: string, line: number): string {
  return `capture-${capture}-L${line}`;
}

/** The lines of these commands that have an anchor. */
export function anchorsOf(commands: readonly ShownCommand[]): string[] {
  return commands.flatMap(({ output: { marks } }) =>
    marks === null
      ? []
      : [...marks.lines, ...marks.later.map(({ line }) => line)].map((line) => lineAnchor(marks.capture, line)),
  );
}

/**
 * Commands as they would stand in a terminal, for within `<pre>`: deciding lines are marked, and of an output that is
 * too long a link leads to the whole.
 */
export function terminalHtml(prompt: string, commands: readonly ShownCommand[], say: Translate): string {
  return commands
    .map(({ text, output, errorOutput, remark }) => {
      const typed = escapeHtml(text).replaceAll('\n', '\n&gt; ');
      const line = `<span class="prompt">${escapeHtmlLine(prompt)}</span> <kbd>${typed}</kbd>\n`;
      const end = remark === null ? '' : `<span class="${remark.kind}">${sayRemark(remark, say)}</span>\n`;
      return line + outputHtml(output, say) + (errorOutput === null ? '' : outputHtml(errorOutput, say)) + end;
    })
    .join('');
}

function outputHtml({ text, cutBytes, path, marks }: ShownOutput, say: Translate): string {
  if (text === '' && cutBytes > 0) return gap(htmlLink(path, path));
  if (text === '') return '';
  const shown = endLine(marks === null ? escapeHtml(text) : markedLines(text, marks));
  if (cutBytes === 0) return shown;
  const later = (marks?.later ?? []).map(({ line, text: content }) => {
    return `${gap(say('line-number', { line }))}${mark(marks?.capture ?? '', line, content)}\n`;
  });
  return `${shown}${gap(say('more-bytes-in', { bytes: cutBytes, file: htmlLink(path, path) }))}${later.join('')}`;
}

function markedLines(text: string, { capture, lines }: Marks): string {
  const marked = new Set(lines);
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line, index) => (marked.has(index + 1) ? mark(capture, index + 1, line) : escapeHtml(line)))
    .join('\n');
}

function mark(capture: string, line: number, text: string): string {
  return `<mark id="${lineAnchor(capture, line)}">${escapeHtml(text)}</mark>`;
}

function gap(html: string): string {
  return `<span class="gap">⋯ ${html} ⋯</span>\n`;
}

function endLine(html: string): string {
  return html.endsWith('\n') ? html : `${html}\n`;
}
