import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './self-signed';

/** An OpenWhisk behind TLS, as far as a wait looks at it. */
export class OpenWhiskServer {
  readonly certificate = selfSigned('127.0.0.1');
  /** What `GET /api/v1/namespaces` answers to the right key; 200 when ready. */
  status = 200;
  /** What `GET /v2/UUID/apis` answers to everybody: the management is open with 200. */
  management = { status: 504, body: '<html>504 Gateway Time-out</html>' };
  readonly asked: string[] = [];
  private server: Server | undefined;
  private port = 0;

  constructor(readonly auth: string) {}

  /** Listens; again on the same port after {@link stop}. */
  async start(): Promise<this> {
    const { cert, key } = this.certificate;
    this.server = createServer({ cert, key }, (request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      const expected = `Basic ${Buffer.from(this.auth).toString('base64')}`;
      if (request.url?.startsWith('/v2/') === true) {
        response.writeHead(this.management.status).end(this.management.body);
      } else {
        const status = request.headers.authorization === expected ? this.status : 401;
        response.writeHead(status, { 'content-type': 'application/json' }).end(status === 200 ? '["guest"]' : '{}');
      }
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  get apihost(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}
