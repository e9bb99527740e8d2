/** Waiting for what knows of no signals. */
import { once } from 'node:events';

/** What `work` gives, unless the signal comes first. @throws the signal's reason then; the work goes on, heard by nobody */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort', { signal: done.signal });
  try {
    return await Promise.race([work, aborted.then(() => Promise.reject(signal.reason))]);
  } finally {
    done.abort();
  }
}
