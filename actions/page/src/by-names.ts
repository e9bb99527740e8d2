/** v2 with several names: photographs that are in a bucket become one PDF, which comes back from another. */
import pLimit from 'p-limit';
import type { Made } from './by-body';
import { describeFault, Refusal, toRefusal } from './refusal';
import { ask } from './request';
import { fetchResult } from './result';
import { serviceUrl } from './service';
import type { Task } from './task';
import { type Place, upload } from './upload';
import { ALBUM } from './words';

/** Uploads at a time, as many as conversions. */
const AT_A_TIME = 3;

/** A photograph that is to be a page. */
export interface Page {
  readonly file: File;
  /** Where it is already; set once it is uploaded. */
  place: Place | undefined;
  /** Told how far its upload is, and undefined at its end. */
  readonly sent: (part: number | undefined) => void;
}

/** One PDF of several. */
export interface MadeOfSeveral extends Made {
  /** Pages without a photograph's own fault in words; none is told of an album that took too long to answer. */
  readonly leftOut: ReadonlyMap<Page, Refusal>;
}

/** Uploads what is not there yet. @param progress told how many are there @throws Refusal, NoAnswer */
export async function uploadPages(
  pages: readonly Page[],
  task: Omit<Task, 'progress'>,
  progress: (there: number) => void,
): Promise<void> {
  const turn = pLimit(AT_A_TIME);
  // One that fails ends the others.
  const end = new AbortController();
  const signal = AbortSignal.any([task.signal, end.signal]);
  let there = pages.filter(({ place }) => place !== undefined).length;
  progress(there);
  const uploads = pages.map((page) =>
    turn(async () => {
      if (page.place !== undefined || signal.aborted) return;
      try {
        const sent: Task['progress'] = (stage) => page.sent(stage.doing === 'sending' ? stage.part : 1);
        page.place = await upload(page.file, { ...task, signal, progress: sent }, true);
        there += 1;
        progress(there);
      } catch (error) {
        end.abort();
        throw error;
      } finally {
        page.sent(undefined);
      }
    }),
  );
  await Promise.all(uploads);
}

/** Has one PDF made of uploaded pages; those that are refused are left out. @throws Refusal, NoAnswer */
export async function makeOne(pages: readonly Page[], task: Task): Promise<MadeOfSeveral> {
  const places = pages.flatMap((page) => (page.place === undefined ? [] : [{ page, place: page.place }]));
  const bucket = places[0]?.place.bucket ?? '';
  // Only who knows the name gets the PDF.
  const into = `page/${crypto.randomUUID()}/${ALBUM.file}`;
  const names = places.map(({ place }) => place.name);
  const answer = await ask({
    method: 'PUT',
    url: serviceUrl('pdf'),
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ bucket, names, into, onError: 'leave-out', ...task.asked }),
    signal: task.signal,
  });
  const said = await answer.json();
  const { activation } = answer;
  if (!answer.ok) throw toRefusal(answer.status, said, { way: 'v2', activation });
  const leftOut = readList(said, 'leftOut').flatMap(({ name, code, error }) => {
    const page = places.find(({ place }) => place.name === name)?.page;
    return page === undefined ? [] : [[page, new Refusal(describeFault(code), false, error)] as const];
  });
  const again = readList(said, 'reencoded').flatMap(({ name, reason }) => {
    const page = places.find(({ place }) => place.name === name)?.page;
    return page === undefined || reason === undefined ? [] : [`${page.file.name}: ${reason}`];
  });
  const made = await fetchResult({ bucket, name: into, via: 'v2' }, activation, task);
  return { ...made, reencoded: again.join('; ') || undefined, leftOut: new Map(leftOut) };
}

/** A list of objects with texts, out of an answer. */
function readList(said: unknown, key: string): Readonly<Record<string, string | undefined>>[] {
  const list: unknown = typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.filter((one): one is Record<string, string | undefined> => typeof one === 'object' && one !== null);
}
