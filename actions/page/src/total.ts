/** How far all photographs are together: in words, in the page's title, and as a bar while something is under way. */
import { part } from './part';
import { STATE } from './words';

/** Photographs by what has become of them. */
export interface Counts {
  readonly all: number;
  readonly done: number;
  readonly failed: number;
  readonly underWay: number;
}

/** Shows it in words. */
export function showWords(tally: string): void {
  document.title = tally === '' ? TITLE : STATE.title(tally, TITLE);
  part(document, '#tally', HTMLElement).textContent = tally;
  part(document, '#total', HTMLProgressElement).hidden = true;
}

/** The page's own title. */
const TITLE = document.title;

/** Shows how far a PDF of each is. */
export function showTotal({ all, done, failed, underWay }: Counts): void {
  showWords(all === 0 ? '' : STATE.tally(done, all, failed));
  const bar = part(document, '#total', HTMLProgressElement);
  bar.hidden = underWay === 0 || all < 2;
  bar.max = Math.max(all, 1);
  bar.value = done + failed;
}
