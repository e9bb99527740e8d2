/** A proxy before a server that breaks chosen requests, the ways a network or a busy OpenWhisk does. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request. */
export type Fault =
  /** Answered by the proxy; never reaches the server. */
  | { readonly answer: number; readonly body?: unknown; readonly text?: string }
  /** The connection is cut before the server sees the request. */
  | 'cut-before'
  /** The server does the work, and its answer is lost. */
  | 'lose-answer';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export class FaultyProxy {
  readonly seen: Seen[] = [];
  private readonly faults: { method: string; path: RegExp; fault: Fault; times: number }[] = [];
  private readonly server = http.createServer((request, response) => void this.pass(request, response));
  private target = '';

  async start(target: string): Promise<string> {
    this.target = target;
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks the next requests of this method whose path matches. */
  breakNext(method: string, path: RegExp, fault: Fault, times = 1): void {
    this.faults.push({ method, path, fault, times });
  }

  /** Forgets faults and requests. */
  reset(): void {
    this.faults.length = 0;
    this.seen.length = 0;
  }

  /** Faults that no request has met yet. */
  get pending(): number {
    return this.faults.reduce((sum, { times }) => sum + times, 0);
  }

  count(method: string, path: RegExp): number {
    return this.seen.filter((seen) => seen.method === method && path.test(seen.path)).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const [method, path] = [request.method ?? '', request.url ?? ''];
    this.seen.push({ method, path, body: body.toString('utf8') });
    const fault = this.faultFor(method, path);
    if (fault === 'cut-before') return void request.socket.destroy();
    if (typeof fault === 'object') {
      const text = fault.text ?? JSON.stringify(fault.body ?? {});
      response.writeHead(fault.answer, { 'content-type': fault.text === undefined ? 'application/json' : 'text/html' });
      return void response.end(text);
    }
    const answer = await fetch(`${this.target}${path}`, {
      method,
      headers: headersOf(request),
      ...(body.length > 0 && { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (fault === 'lose-answer') return void request.socket.destroy();
    const store = answer.headers.get('x-openwhisk-store');
    const type = { 'content-type': answer.headers.get('content-type') ?? 'text/plain' };
    response.writeHead(answer.status, store === null ? type : { ...type, 'x-openwhisk-store': store });
    response.end(bytes);
  }

  private faultFor(method: string, path: string): Fault | undefined {
    const found = this.faults.find((fault) => fault.times > 0 && fault.method === method && fault.path.test(path));
    if (found === undefined) return undefined;
    found.times -= 1;
    return found.fault;
  }
}

function headersOf(request: http.IncomingMessage): Record<string, string> {
  const entries = ['authorization', 'content-type', 'x-namespace-id'].map((name) => [name, request.headers[name]]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}
