import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packagePath } from '../../core/package.ts';

/** What a page has within itself beside its text: style sheets and scripts, in order. */
export interface Assets {
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
}

/** `player`: whether there is a recording to play. Its program is in a page with one only, for it is the larger part. */
export function readAssets({ player }: { readonly player: boolean }): Assets {
  const own = (file: string): string => readFileSync(packagePath(`reports/templates/${file}`), 'utf8');
  const bundle = (file: string): string =>
    readFileSync(fileURLToPath(import.meta.resolve(`asciinema-player/dist/bundle/${file}`)), 'utf8');
  return {
    styles: [...(player ? [bundle('asciinema-player.css')] : []), own('report.css')],
    scripts: [...(player ? [bundle('asciinema-player.min.js')] : []), own('report.js')],
  };
}

/**
 * The page's Content Security Policy: nothing is fetched from anywhere, and of styles and scripts only these are taken.
 * The player's terminal is WebAssembly, which needs to be allowed by name.
 */
export function contentSecurityPolicy({ styles, scripts }: Assets, { player }: { readonly player: boolean }): string {
  const hashes = (contents: readonly string[]): string => contents.map(hashSource).join(' ');
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}${player ? " 'wasm-unsafe-eval'" : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** As CSP 3 (§2.3.1) writes it, over the content of the element. */
function hashSource(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
