/** Tells screen readers what happened: a polite live region, one text for all that happens within a moment. */
import { part } from './part';

/** Milliseconds in which what happens is told together. */
const MOMENT = 400;

let waiting: string[] = [];

/** Has a sentence read out. */
export function announce(sentence: string): void {
  waiting.push(sentence);
  if (waiting.length > 1) return;
  setTimeout(() => {
    part(document, '#announcer', HTMLElement).textContent = waiting.join(' ');
    waiting = [];
  }, MOMENT);
}
