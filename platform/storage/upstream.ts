/** fake-gcs-server as the front door asks it: again, where that changes nothing, when it dies in the middle of an answer. */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './command';
import { GoogleError } from './google-error';

/** How often, and after how many milliseconds, a request that changes nothing is sent again when the server dies. */
const ATTEMPTS = 5;
const ATTEMPT_PAUSE = 100;

/** How long the server may say and take nothing, in milliseconds. */
const SILENCE = 60_000;

/**
 * How much of an answer is awaited before any of it goes on, in bytes: one that is cut off before is no answer yet. Google's
 * clients wait without end for the rest of one that was cut off later.
 */
const AWAITED = 1024 * 1024;

/** An answer, and its body's first bytes: all of them, unless there are more than are awaited. */
export interface Answer {
  readonly message: http.IncomingMessage;
  readonly beginning: Buffer;
}

/** The server that runs. */
export class Upstream {
  private readonly agent = new http.Agent({ keepAlive: true });
  /**
   * For what cannot be sent again: connections that were not used before, since one that was kept may be closed by now. The
   * server is not told that they are used once: it would close them on a body that it has not read, before its answer is read.
   */
  private readonly freshAgent = new http.Agent({ keepAlive: true, maxFreeSockets: 0 });

  /** @param place where it listens, once it does; undefined when that takes too long */
  constructor(private readonly place: () => Promise<Place | undefined>) {}

  /**
   * Sends a request, waiting for a server if need be.
   * @param send writes the body and ends the request; called again for each attempt
   * @throws GoogleError 503 when there is none, or when it dies
   */
  async ask(options: http.RequestOptions, send: (outgoing: http.ClientRequest) => void): Promise<Answer> {
    const isSafe = options.method === 'GET' || options.method === 'HEAD';
    for (let attempt = 1; ; attempt += 1) {
      const place = await this.place();
      if (place === undefined) throw new GoogleError(503, 'The storage emulator is being restarted. Try again.');
      try {
        const message = await new Promise<http.IncomingMessage>((resolve, reject) => {
          const agent = isSafe ? this.agent : this.freshAgent;
          // It sends custom metadata as headers, whatever is in it.
          const outgoing = http.request({ ...options, agent, ...place, insecureHTTPParser: true });
          outgoing.once('response', resolve);
          outgoing.on('error', reject);
          outgoing.setTimeout(SILENCE, () => outgoing.destroy(new Error('silent')));
          send(outgoing);
        });
        return { message, beginning: await readBeginning(message) };
      } catch {
        if (!isSafe || attempt === ATTEMPTS)
          throw new GoogleError(503, 'The storage emulator did not answer. Try again.');
        // It has died a moment ago, and its supervisor is about to notice.
        await sleep(ATTEMPT_PAUSE);
      }
    }
  }

  /** Ends all connections. */
  close(): void {
    for (const agent of [this.agent, this.freshAgent]) agent.destroy();
  }
}

/** All of an answer's body. @throws GoogleError 503 when it is cut off */
export async function readAnswer({ message, beginning }: Answer): Promise<Buffer> {
  const chunks = [beginning];
  try {
    if (!message.readableEnded) for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    throw new GoogleError(503, 'The storage emulator did not answer. Try again.');
  }
  return Buffer.concat(chunks);
}

async function readBeginning(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= AWAITED) break;
  }
  return Buffer.concat(chunks);
}
