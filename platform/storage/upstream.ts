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

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
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
   * @throws GoogleError 503 when there is none, or when it dies
   */
  async ask(options: http.RequestOptions, body?: Buffer): Promise<Answer> {
    const isSafe = options.method === 'GET' || options.method === 'HEAD';
    for (let attempt = 1; ; attempt += 1) {
      const place = await this.place();
      if (place === undefined) throw new GoogleError(503, 'The storage emulator is being restarted. Try again.');
      try {
        const message = await new Promise<http.IncomingMessage>((resolve, reject) => {
          const agent = isSafe ? this.agent : this.freshAgent;
          const outgoing = http.request({ ...options, agent, ...place });
          outgoing.once('response', resolve);
          outgoing.on('error', reject);
          outgoing.setTimeout(SILENCE, () => outgoing.destroy(new Error('silent')));
          outgoing.end(body);
        });
        const chunks: Buffer[] = [];
        for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
        return { status: message.statusCode ?? 502, headers: message.headers, body: Buffer.concat(chunks) };
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
