/**
 * v2 and v3: the photograph goes to a bucket by a signed URL, the PDF comes back by another; the page holds no key. What puts it
 * through in between is a request (v2), or the photograph's arrival itself (v3): the service says which.
 */
import type { Made } from './by-body';
import { Refusal, type Trace, toRefusal, type Way } from './refusal';
import { type Answer, ask } from './request';
import { serviceUrl } from './service';
import type { Task } from './task';
import { FAULT } from './words';

/** Where to put a photograph, as the action `upload` answers (actions/README.md). */
interface Place {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bucket: string;
  readonly name: string;
  readonly via: Way;
}

/** Where the PDF is, as the action `result` answers. */
interface Found {
  readonly url: string;
  readonly activation: string | undefined;
}

/** Milliseconds between two looks for the PDF: at first, at most, and in all. */
const PAUSE = { first: 400, most: 3_000, all: 3 * 60_000 };

/** @throws Refusal, NoAnswer */
export async function convertByBucket(photograph: File, task: Task): Promise<Made> {
  const { progress, signal } = task;
  progress({ doing: 'sending', part: 0 });
  const place = await askForPlace(photograph, signal);
  await put(photograph, place, task);
  progress({ doing: 'converting' });
  const activation = place.via === 'v2' ? await start(place, signal) : undefined;
  const found = await find(place, activation, signal);
  const trace: Trace = { way: place.via, activation: activation ?? found.activation };
  progress({ doing: 'fetching' });
  const pdf = await ask({ method: 'GET', url: found.url, signal });
  if (!pdf.ok) throw new Refusal(FAULT.notFetched, true, FAULT.status(pdf.status), trace);
  return { ...trace, pdf: new Blob([pdf.body], { type: 'application/pdf' }) };
}

async function askForPlace({ name, size }: File, signal: AbortSignal): Promise<Place> {
  const answer = await ask({
    method: 'POST',
    url: serviceUrl('upload'),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, contentType: 'image/jpeg', size }),
    signal,
  });
  const said = await answer.json();
  const place = answer.ok ? readPlace(said) : undefined;
  if (place === undefined)
    throw toRefusal(answer.ok ? 502 : answer.status, said, { way: 'v2', ...pickActivation(answer) });
  return place;
}

async function put(photograph: File, { url, headers, via }: Place, { progress, signal }: Task): Promise<void> {
  const onSent = (part: number) => progress(part < 1 ? { doing: 'sending', part } : { doing: 'converting' });
  const answer = await ask({ method: 'PUT', url, headers, body: photograph, onSent, signal });
  if (answer.ok) return;
  throw new Refusal(FAULT.notStored, true, FAULT.storageStatus(answer.status), { way: via });
}

/** Has v2 convert. @returns the id of its activation, also of one that takes longer than its caller may wait (202) */
async function start({ bucket, name }: Place, signal: AbortSignal): Promise<string | undefined> {
  const answer = await ask({
    method: 'PUT',
    url: serviceUrl('pdf'),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ bucket, name }),
    signal,
  });
  if (!answer.ok) throw toRefusal(answer.status, await answer.json(), { way: 'v2', ...pickActivation(answer) });
  return answer.activation;
}

/** Waits for the PDF, or for what was recorded of a refusal. */
async function find({ bucket, name, via }: Place, started: string | undefined, signal: AbortSignal): Promise<Found> {
  const until = performance.now() + PAUSE.all;
  for (let pause = PAUSE.first; performance.now() < until; pause = Math.min(pause * 1.4, PAUSE.most)) {
    const answer = await ask({ method: 'GET', url: serviceUrl('result', { bucket, name }), signal });
    const said = await answer.json();
    const activation = readText(said, 'activation') ?? started;
    const url = readText(said, 'url');
    if (answer.status === 200 && url !== undefined) return { url, activation };
    if (answer.status !== 202) throw toRefusal(answer.status, said, { way: via, activation });
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Refusal(FAULT.noPdf, true, undefined, { way: via, activation: started });
}

function readPlace(said: unknown): Place | undefined {
  const [url, bucket, name, via] = (['url', 'bucket', 'name', 'via'] as const).map((key) => readText(said, key));
  if (url === undefined || bucket === undefined || name === undefined) return undefined;
  const given = typeof said === 'object' && said !== null && 'headers' in said ? said.headers : {};
  const headers = Object.entries(given ?? {}).map(([header, value]) => [header, String(value)] as const);
  return { url, bucket, name, headers: Object.fromEntries(headers), via: via === 'v3' ? 'v3' : 'v2' };
}

function readText(value: unknown, key: string): string | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function pickActivation({ activation }: Answer): Pick<Trace, 'activation'> {
  return { activation };
}
