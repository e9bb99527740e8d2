/** "How it was made": the way, and the activation behind a conversion; looked up when somebody opens it. */
import { fetchActivation } from './activation';
import type { Trace } from './refusal';
import { DETAILS, formatDuration } from './words';

/** What is known without asking. */
export interface Story {
  readonly trace: Trace;
  /** Milliseconds from the first byte sent to the last one received. */
  readonly took: number;
  /** The service's own words about a refusal. */
  readonly said?: string | undefined;
}

/** Fills the details; the activation's record is asked for at the first opening. */
export function showDetails(details: HTMLDetailsElement, { trace, took, said }: Story): void {
  const list = details.querySelector('dl');
  if (list === null) return;
  const { way, activation } = trace;
  const rows: (readonly [string, string])[] = [[DETAILS.way, DETAILS.ways[way]]];
  if (said !== undefined) rows.push([DETAILS.said, said]);
  if (activation !== undefined) rows.push([DETAILS.activation, activation]);
  rows.push([DETAILS.took, formatDuration(took)]);
  list.replaceChildren(...rows.flatMap(makeRow));
  details.hidden = false;
  if (activation === undefined) return;
  details.addEventListener('toggle', () => void lookUp(list, activation), { once: true });
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
