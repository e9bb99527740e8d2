/** `pdfmagic open`: the page for people, in the browser. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
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
  // Its command ends at once when there is no browser; one that stays is a browser that is open.
  browser.ref();
  const ended = await Promise.race([once(browser, 'exit'), sleep(2000)]).catch((error: unknown) => [wordsOf(error)]);
  if (ended !== undefined && ended[0] !== 0 && ended[0] !== null) sorry(`its command ended with ${ended[0]}`);
}
