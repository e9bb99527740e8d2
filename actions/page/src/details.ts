/** "How it was made": the way, and the activation behind a conversion; looked up when somebody opens it. */
import { activationOf } from './activation';
import type { Trace, Way } from './refusal';
import { duration } from './words';

const WAYS: Readonly<Record<Way, string>> = {
  v1: 'v1: the photograph in the request, the PDF in the answer',
  v2: 'v2: the photograph in a bucket, named in a request',
  v3: 'v3: the photograph in a bucket, whose arrival started the action',
};

/** What is known without asking. */
export interface Story {
  readonly trace: Trace;
  /** Milliseconds from the first byte sent to the last one received. */
  readonly took: number;
  /** The service's own words about a refusal. */
  readonly said?: string | undefined;
}

/** Fills the details; the activation's record is asked for at the first opening. */
export function tell(details: HTMLDetailsElement, { trace, took, said }: Story): void {
  const list = details.querySelector('dl');
  if (list === null) return;
  const { way, activation } = trace;
  const rows: (readonly [string, string])[] = [['Way', WAYS[way]]];
  if (said !== undefined) rows.push(['The service said', said]);
  if (activation !== undefined) rows.push(['Activation', activation]);
  rows.push(['Round trip', duration(took)]);
  list.replaceChildren(...rows.flatMap(row));
  details.hidden = false;
  if (activation === undefined) return;
  details.addEventListener('toggle', () => void lookUp(list, activation), { once: true });
}

async function lookUp(list: HTMLElement, id: string): Promise<void> {
  const [term, value] = row(['Action', 'asking …']);
  list.append(term, value);
  const found = await activationOf(id);
  if (found === undefined) {
    value.textContent = 'OpenWhisk has no record of it';
    return;
  }
  const { name, duration: ran, waitTime, initTime, cold } = found;
  const init = initTime === undefined ? '' : `, ${duration(initTime)} of it to load the code`;
  value.textContent = `${name} ran for ${duration(ran)}${init}`;
  list.append(...row(['Start', cold ? 'cold: a new container' : 'warm: a container that was there']));
  if (waitTime !== undefined) list.append(...row(['Waited', `${duration(waitTime)} in OpenWhisk`]));
}

function row([name, text]: readonly [string, string]): [HTMLElement, HTMLElement] {
  const term = document.createElement('dt');
  const value = document.createElement('dd');
  term.textContent = name;
  value.textContent = text;
  if (name === 'Activation') value.className = 'id';
  return [term, value];
}
