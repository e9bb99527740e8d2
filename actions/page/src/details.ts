/** "How it was made": the way, and the activation behind a conversion; looked up when somebody wants to see it. */
import pLimit from 'p-limit';
import { fetchActivation } from './activation';
import { part } from './part';
import type { Trace } from './refusal';
import { DETAILS, formatDuration } from './words';

/** Records looked up at a time: photographs go first. */
const turn = pLimit(2);

/** What is known without asking. */
export interface Story {
  readonly trace: Trace;
  /** The way in words, where it is not as usual. */
  readonly way?: string;
  /** Milliseconds from the first byte sent to the last one received. */
  readonly took: number;
  /** Why it was encoded again, if it was. */
  readonly reencoded?: string | undefined;
  /** The service's own words about a refusal. */
  readonly said?: string | undefined;
}

/** What is told of one conversion. The activation's record is asked for when somebody first wants to see it. */
export class Details {
  private lookUp: (() => void) | undefined;

  /** @param wanted whether somebody wants to see it now */
  constructor(
    private readonly element: HTMLElement,
    private wanted: boolean,
  ) {}

  /** Somebody wants to see it, or not any more. */
  want(wanted: boolean): void {
    this.wanted = wanted;
    this.element.hidden = !wanted || this.element.dataset.told === undefined;
    if (!wanted) return;
    this.lookUp?.();
    this.lookUp = undefined;
  }

  /** There is nothing to tell, or nothing any more. */
  clear(): void {
    delete this.element.dataset.told;
    this.lookUp = undefined;
    this.want(this.wanted);
  }

  /** What is known. */
  tell({ trace, way: special, took, said, reencoded }: Story): void {
    const { way, activation } = trace;
    const rows: (readonly [string, string])[] = [[DETAILS.way, special ?? DETAILS.ways[way]]];
    if (said !== undefined) rows.push([DETAILS.said, said]);
    if (reencoded !== undefined) rows.push([DETAILS.reencoded, reencoded]);
    if (activation !== undefined) rows.push([DETAILS.activation, activation]);
    rows.push([DETAILS.took, formatDuration(took)]);
    const list = part(this.element, 'dl', HTMLElement);
    list.replaceChildren(...rows.flatMap(makeRow));
    this.element.dataset.told = '';
    if (activation !== undefined) this.lookUp = () => void turn(() => lookUp(list, activation));
    this.want(this.wanted);
  }
}

async function lookUp(list: HTMLElement, id: string): Promise<void> {
  const [term, value] = makeRow([DETAILS.action, DETAILS.asking]);
  list.append(term, value);
  const found = await fetchActivation(id);
  if (found === undefined) {
    value.textContent = DETAILS.noRecord;
    return;
  }
  const { name, duration: ran, waitTime, initTime, cold } = found;
  value.textContent = DETAILS.ran(name, ran, initTime);
  list.append(...makeRow([DETAILS.start, cold ? DETAILS.cold : DETAILS.warm]));
  if (waitTime !== undefined) list.append(...makeRow([DETAILS.waited, DETAILS.inOpenWhisk(waitTime)]));
}

function makeRow([name, text]: readonly [string, string]): [HTMLElement, HTMLElement] {
  const term = document.createElement('dt');
  const value = document.createElement('dd');
  term.textContent = name;
  value.textContent = text;
  if (name === DETAILS.activation) value.className = 'id';
  return [term, value];
}
