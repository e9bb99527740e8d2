/** `pdfmagic open`: the page for people, in the browser. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import open from 'open';
import { Failure, wordsOf } from '../failure';
import type { Stack } from '../stack/stack';
import { formatJson, type Terminal } from '../terminal';

/** Milliseconds in which a command that finds no browser has ended. */
const PATIENCE = 5000;

/** Prints the URL of the page, and opens it unless it is only to be printed. @throws Failure when there is no page, or nothing opens it */
export async function openPage(
  stack: Stack,
  options: { print: boolean; json: boolean },
  terminal: Terminal,
): Promise<void> {
  const { page } = stack;
  if (page === undefined)
    throw new Failure(
      'A stack on Cloud Run has no page.',
      `Use \`pdfmagic convert\`, or POST to ${stack.endpoints.v1}.`,
    );
  terminal.out(options.json ? formatJson({ page }) : page);
  if (options.print || options.json) return;
  const fail = (why: string) =>
    new Failure(`No browser could be opened: ${why}.`, `Open this address yourself: ${page}`);
  const browser = await open(page).catch((error: unknown) => {
    throw fail(wordsOf(error));
  });
  // Its command ends at once when there is no browser; one that stays is a browser that is open.
  browser.ref();
  const ended = await Promise.race([once(browser, 'exit'), sleep(PATIENCE)]).catch((error: unknown) => {
    throw fail(wordsOf(error));
  });
  if (ended !== undefined && ended[0] !== 0)
    throw fail(`the system’s command that opens pages ended with ${ended[0] ?? ended[1]}`);
}
