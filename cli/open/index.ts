/** `pdfmagic open`: the page for people, in the browser. */
import open from 'open';
import { Failure, wordsOf } from '../failure';
import type { Stack } from '../stack/stack';
import { asJson, type Terminal } from '../terminal';

/** Prints the URL of the page, and opens it unless it is only to be printed. @throws Failure when there is no page */
export async function openPage(
  stack: Stack,
  options: { print: boolean; json: boolean },
  terminal: Terminal,
): Promise<void> {
  const { page } = stack;
  if (page === undefined)
    throw new Failure('A stack on Cloud Run has no page.', `Use \`pdfmagic convert\`, or POST to ${stack.convertUrl}.`);
  terminal.out(options.json ? asJson({ page }) : page);
  if (options.print || options.json) return;
  const browser = await open(page).catch((error: unknown) => wordsOf(error));
  const sorry = (why: string) => terminal.note(`No browser could be opened (${why}): open that address by hand.`);
  if (typeof browser === 'string') return sorry(browser);
  await new Promise<void>((resolve) => {
    browser.once('error', (error) => resolve(sorry(wordsOf(error))));
    browser.once('exit', (code) =>
      resolve(code === 0 || code === null ? undefined : sorry(`its command ended with ${code}`)),
    );
    // A browser that stays is one that is open.
    setTimeout(resolve, 2000).unref();
  });
}
