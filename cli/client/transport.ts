/** A request and its answer, whoever carries them. */
import { CONVERSION_TIMEOUT } from '../../contract/limits';

/** How a stack's server is known. */
export interface Trust {
  /** PEM of the CA that signed its certificate; undefined for a public one. */
  readonly caCertificate: string | undefined;
  /** Take any certificate. */
  readonly insecure: boolean;
}

/** A request; the body is sent whole. */
export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Ends it; without one, a time limit does. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the answer at most. */
  readonly largest?: number;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Sends a request and reads the answer. @throws the error of the network when there is none, or not all of it */
export type Send = (url: string, asked: Asked) => Promise<Answer>;

/** OpenWhisk holds a blocking invocation as long as a conversion may take, Cloud Run a request; and some for the way. */
const TIMEOUT = CONVERSION_TIMEOUT + 30_000;

/**
 * Does the work of a request, within the time limit unless it has a signal. By a timer: an abort signal of its own would take as
 * much of the processor as the rest of a small request.
 * @param destroy ends the request, so that the work fails
 * @throws Error that says so when the time is over, else that of the work
 */
export async function limitTime<T>(
  { signal }: Asked,
  destroy: (late: Error) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (signal !== undefined) return work();
  let late: Error | undefined;
  const timer = setTimeout(() => {
    late = new Error(`no answer within ${TIMEOUT / 1000} s`);
    destroy(late);
  }, TIMEOUT);
  try {
    return await work();
  } catch (error) {
    throw late ?? error;
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds for a connection. */
export const CONNECT_TIMEOUT = 15_000;
/** Bytes of an answer: twice what Cloud Run answers at most, and far above OpenWhisk's limits. */
const LARGEST = 64 * 1024 * 1024;

/** Collects the body of an answer. */
export class BoundedBody {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  /** @param largest bytes at most */
  constructor(private readonly largest = LARGEST) {}

  /** @throws Error when it is too large */
  add(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.largest) throw new Error(`its answer is larger than ${this.largest} bytes`);
    this.chunks.push(chunk);
  }

  get whole(): Buffer {
    return Buffer.concat(this.chunks);
  }
}
