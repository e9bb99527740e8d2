/**
 * v2 and v3: the photograph goes to a bucket, the PDF comes back from another. What puts it through in between is a request (v2),
 * or the photograph's arrival itself (v3): the service says which.
 */
import type { Made } from './by-body';
import { toRefusal } from './refusal';
import { ask, readText } from './request';
import { fetchResult } from './result';
import { serviceUrl } from './service';
import type { Task } from './task';
import { type Place, upload } from './upload';

/** @throws Refusal, NoAnswer */
export async function convertByBucket(photograph: File, task: Task): Promise<Made> {
  const place = await upload(photograph, task);
  task.progress({ doing: 'converting' });
  const started = place.via === 'v2' ? await start(place, task) : {};
  const made = await fetchResult(place, started.activation, task);
  return { ...made, reencoded: made.reencoded ?? started.reencoded };
}

/** Has v2 convert. @returns what it tells; of one that takes longer than its caller may wait (202), only its activation */
async function start(
  { bucket, name }: Place,
  { asked, signal }: Task,
): Promise<{ readonly activation?: string | undefined; readonly reencoded?: string | undefined }> {
  const answer = await ask({
    method: 'PUT',
    url: serviceUrl('pdf'),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ bucket, name, ...asked }),
    signal,
  });
  const { activation } = answer;
  const said = await answer.json();
  if (!answer.ok) throw toRefusal(answer.status, said, { way: 'v2', activation });
  return { activation, reencoded: readText(said, 'reencoded') };
}
