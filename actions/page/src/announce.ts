/** Tells screen readers what happened: a polite live region, one text for all that happens within a moment. */
import { part } from './part';

/** Milliseconds in which what happens is told together. */
const MOMENT = 400;

const waiting = new Map<unknown, string>();

/**
 * Has a sentence read out.
 * @param about what it is about: of several sentences about the same, the last one counts
 */
export function announce(sentence: string, about: unknown = sentence): void {
  const isFirst = waiting.size === 0;
  waiting.delete(about);
  waiting.set(about, sentence);
  if (!isFirst) return;
  setTimeout(() => {
    part(document, '#announcer', HTMLElement).textContent = [...waiting.values()].join(' ');
    waiting.clear();
  }, MOMENT);
}
