import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { chromiumPath } from './tools.ts';

/** A real browser of this machine; `--no-sandbox`, for Chromium refuses to run as root without. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath() ?? '', args: ['--no-sandbox'] });
}

export interface Visit {
  readonly page: Page;
  /** Every address that the page asked for, but for what it has within itself (`data:`). */
  readonly requests: readonly string[];
  /** What the browser complained of: errors of scripts, and all that was printed on the console. */
  readonly complaints: readonly string[];
}

/** Opens a file in a window of its own, 1280 × 800 unless the options say otherwise; it closes when the test ends. */
export async function visit(
  t: ExecutionContext,
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
  fragment = '',
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${pathToFileURL(file).href}${fragment}`);
  return { page, requests, complaints };
}

/** The page asked for nothing but itself, and nothing went wrong in it. */
export function isQuiet(t: ExecutionContext, { page, requests, complaints }: Visit): void {
  t.deepEqual(requests, [page.url().replace(/#.*/s, '')]);
  t.deepEqual(complaints, []);
}
