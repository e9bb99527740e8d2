/**
 * Headless Chromium for tests: the one that PDFMAGIC_CHROMIUM names, or Debian's; its headless shell first, which draws no window around
 * the page and takes a third of the time.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';

const DEBIANS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const EXECUTABLE =
  process.env.PDFMAGIC_CHROMIUM ?? DEBIANS.find((program) => existsSync(program)) ?? '/usr/bin/chromium';

/** Without these it talks to its maker's hosts at every start. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is one, and the words for a test's name when there is none. */
export function findBrowser(): { readonly present: boolean; readonly unless: string } {
  const present = existsSync(EXECUTABLE) && spawnSync(EXECUTABLE, ['--version'], { timeout: 60_000 }).status === 0;
  return { present, unless: present ? '' : ` (skipped: no ${EXECUTABLE}; PDFMAGIC_CHROMIUM names another)` };
}

/** Starts it; as root it has no sandbox of its own. */
export function launch(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...QUIET] : QUIET;
  return chromium.launch({ executablePath: EXECUTABLE, args });
}

/** A page that is looked at. */
export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Breaches of the Content Security Policy, and errors of the script, so far. */
  readonly faults: string[];
}

/** Opens a page in a context of its own. Nothing moves in it, unless asked for: without a graphics card, a bar that moves takes a core. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|^breach:/i.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (e) => console.error('breach: ' + e.violatedDirective + ' ' + e.blockedURI))",
  );
  await page.goto(url);
  return { context, page, faults };
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with the page as it is: rule and element. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate('axe.run(document)')) as {
    violations: { id: string; nodes: { target: unknown[] }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** How many colours an element shows: one is nothing to see. */
export async function countColours(element: Locator): Promise<number> {
  const input = await element.screenshot();
  return Number(execFileSync('/usr/bin/convert', ['png:-', '-format', '%k', 'info:'], { input }).toString());
}
