/** The PDF of what is in a bucket: waited for, and fetched by a signed URL. */
import { type Made, makePdf } from './by-body';
import { Refusal, type Trace, toRefusal } from './refusal';
import { ask, readText } from './request';
import { serviceUrl } from './service';
import type { Task } from './task';
import type { Place } from './upload';
import { FAULT } from './words';

/** Where the PDF is, as the action `result` answers. */
interface Found {
  readonly url: string;
  readonly activation: string | undefined;
  readonly reencoded: string | undefined;
}

/** Milliseconds between two looks for the PDF: at first, at most, and in all. */
const PAUSE = { first: 400, most: 3_000, all: 3 * 60_000 };

/**
 * Waits for the PDF of a photograph, or for one by its name, and fetches it.
 * @param started the activation that makes it, if that is known
 * @throws Refusal, NoAnswer
 */
export async function fetchResult(
  place: Place,
  started: string | undefined,
  { progress, signal }: Pick<Task, 'progress' | 'signal'>,
): Promise<Made> {
  const { url, activation, reencoded } = await find(place, started, signal);
  const trace: Trace = { way: place.via, activation: started ?? activation };
  progress({ doing: 'fetching' });
  const pdf = await ask({ method: 'GET', url, signal });
  if (!pdf.ok) throw new Refusal(FAULT.notFetched, true, FAULT.status(pdf.status), trace);
  return { ...trace, reencoded, pdf: makePdf(pdf.body) };
}

/** Waits for the PDF, or for what was recorded of a refusal. */
async function find({ bucket, name, via }: Place, started: string | undefined, signal: AbortSignal): Promise<Found> {
  const until = performance.now() + PAUSE.all;
  for (let pause = PAUSE.first; performance.now() < until; pause = Math.min(pause * 1.4, PAUSE.most)) {
    const answer = await ask({ method: 'GET', url: serviceUrl('result', { bucket, name }), signal });
    const said = await answer.json();
    const activation = readText(said, 'activation') ?? started;
    const url = readText(said, 'url');
    if (answer.status === 200 && url !== undefined) return { url, activation, reencoded: readText(said, 'reencoded') };
    // A PDF that is waited for by its own name is no photograph that could be missing.
    const isPending = answer.status === 202 || (answer.status === 404 && name.endsWith('.pdf'));
    if (!isPending) throw toRefusal(answer.status, said, { way: via, activation });
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Refusal(FAULT.noPdf, true, undefined, { way: via, activation: started });
}
