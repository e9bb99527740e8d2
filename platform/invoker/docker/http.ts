/** Requests to the action proxy in a container: HTTP as OpenWhisk's invoker speaks it (`ApacheBlockingContainerClient`). */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../../ground/errors';
import { Line } from '../activation/lines';
import { RESPONSE_LIMIT } from '../activation/response';

/** Milliseconds between two attempts to reach a proxy that is about to listen. */
const PAUSE = 10;
const NOT_YET = ['ECONNREFUSED', 'EHOSTUNREACH', 'ECONNRESET'];

/** A response; of a body that is too long the beginning. */
export interface ProxyResponse {
  readonly status: number;
  readonly body: Line;
}

/** Posts JSON. @throws Error when no whole response comes, or `signal` is aborted */
export function post(url: string, json: Buffer, signal: AbortSignal): Promise<ProxyResponse> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': json.length };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers, signal, agent: false }, (response) => {
      const body = new Body();
      response.on('data', (chunk: Buffer) => body.take(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: body.line() }));
    });
    request.once('error', reject);
    request.end(json);
  });
}

/** The same, to a proxy that may not listen yet. Only for /init: what has run must not run again. */
export async function postWhenUp(url: string, json: Buffer, signal: AbortSignal): Promise<ProxyResponse> {
  for (;;) {
    try {
      return await post(url, json, signal);
    } catch (error) {
      if (signal.aborted || !hasCode(error, ...NOT_YET)) throw error;
      await sleep(PAUSE);
    }
  }
}

/** Keeps no more of a body than OpenWhisk does, and counts the rest. */
class Body {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  take(chunk: Buffer): void {
    const room = Math.max(0, RESPONSE_LIMIT - this.length);
    if (room > 0) this.chunks.push(chunk.subarray(0, room));
    this.length += chunk.length;
  }

  line(): Line {
    return new Line(Buffer.concat(this.chunks), this.length);
  }
}
