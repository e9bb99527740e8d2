/** A photograph goes to a bucket by a signed URL: the page holds no key. */
import { Refusal, toRefusal, type Way } from './refusal';
import { ask, readText } from './request';
import { serviceUrl } from './service';
import type { Task } from './task';
import { FAULT } from './words';

/** Where a photograph is, as the action `upload` answers (actions/README.md). */
export interface Place {
  readonly bucket: string;
  readonly name: string;
  readonly via: Way;
}

interface Granted extends Place {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Uploads it. On its way its arrival may start the conversion: `via` of the place says so.
 * @param isPart whether it is for one PDF of several, and no PDF of its own is made
 * @throws Refusal, NoAnswer
 */
export async function upload(photograph: File, task: Task, isPart = false): Promise<Place> {
  task.progress({ doing: 'sending', part: 0 });
  const granted = await askForPlace(photograph, task, isPart);
  await put(photograph, granted, task);
  return granted;
}

async function askForPlace({ name, size }: File, { asked, signal }: Task, isPart: boolean): Promise<Granted> {
  const more = isPart ? { part: true } : asked;
  const answer = await ask({
    method: 'POST',
    url: serviceUrl('upload'),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, contentType: 'image/jpeg', size, ...more }),
    signal,
  });
  const said = await answer.json();
  const place = answer.ok ? readPlace(said) : undefined;
  if (place === undefined)
    throw toRefusal(answer.ok ? 502 : answer.status, said, { way: 'v2', activation: answer.activation });
  return place;
}

async function put(photograph: File, { url, headers, via }: Granted, { progress, signal }: Task): Promise<void> {
  const onSent = (part: number) => progress(part < 1 ? { doing: 'sending', part } : { doing: 'converting' });
  const answer = await ask({ method: 'PUT', url, headers, body: photograph, onSent, signal });
  if (answer.ok) return;
  throw new Refusal(FAULT.notStored, true, FAULT.storageStatus(answer.status), { way: via });
}

function readPlace(said: unknown): Granted | undefined {
  const [url, bucket, name, via] = (['url', 'bucket', 'name', 'via'] as const).map((key) => readText(said, key));
  if (url === undefined || bucket === undefined || name === undefined) return undefined;
  const given = typeof said === 'object' && said !== null && 'headers' in said ? said.headers : {};
  const headers = Object.entries(given ?? {}).map(([header, value]) => [header, String(value)] as const);
  return { url, bucket, name, headers: Object.fromEntries(headers), via: via === 'v3' ? 'v3' : 'v2' };
}
