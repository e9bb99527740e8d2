/** A request and its answer, whoever carries them. */

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
export type Send = (url: string, asked: Asked, signal: AbortSignal) => Promise<Answer>;

/** Milliseconds for a connection. */
export const CONNECT_TIMEOUT = 15_000;
/** Bytes of an answer: twice what Cloud Run answers at most, and far above OpenWhisk's limits. */
const LARGEST = 64 * 1024 * 1024;

/** The body of an answer. @throws Error when it is too large */
export async function readWhole(body: AsyncIterable<Buffer>, largest = LARGEST): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largest) throw new Error(`its answer is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
