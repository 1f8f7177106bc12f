import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { packagePath } from '../core/package.ts';

/** The files of reports/templates that are filled. */
export type TemplateFile = 'report.md.hbs' | 'report.html.hbs' | 'diff.md.hbs';

export type Helpers = Readonly<Record<string, Handlebars.HelperDelegate>>;

const handlebars = Handlebars.create();
handlebars.registerHelper({
  concat: (...parts: readonly unknown[]) => parts.slice(0, -1).join(''),
  is: (a: unknown, b: unknown) => a === b,
});
/** Compiling takes longer than all else of a report; the helpers, which differ by language, come with each call. */
const compiled = new Map<TemplateFile, HandlebarsTemplateDelegate>();

/**
 * Fills a template of reports/templates. `strict`, so that a missing value is an error and not an empty place; escaping
 * for HTML only where the target is that: in Markdown the helpers escape for the place at hand.
 */
export function fillTemplate(file: TemplateFile, model: object, helpers: Helpers): string {
  const template = compiled.get(file) ?? compileFile(file);
  compiled.set(file, template);
  return template(model, { helpers });
}

/** Compiles templates ahead of `fillTemplate`. */
export function compileTemplates(files: readonly TemplateFile[]): void {
  for (const file of files) {
    try {
      fillTemplate(file, {}, {});
    } catch {
      // Handlebars compiles at the first call, whatever comes of that: this one lacks all that the template asks for.
    }
  }
}

function compileFile(file: TemplateFile): HandlebarsTemplateDelegate {
  const source = readFileSync(packagePath(`reports/templates/${file}`), 'utf8');
  return handlebars.compile(source, { strict: true, noEscape: !file.endsWith('.html.hbs') });
}

/** A message of a catalogue as a function of its parameters; a missing one is an error. */
export function compileMessage(message: string): (parameters: Readonly<Record<string, unknown>>) => string {
  if (!message.includes('{{')) return () => message;
  return handlebars.compile(message, { noEscape: true, strict: true });
}
