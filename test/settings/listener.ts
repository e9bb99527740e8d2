/** Who would like to be asked: a server over HTTP and HTTPS that takes whatever comes, and tells of it. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '../cluster-waits/self-signed';

export class Listener {
  /** Each request so far: method, path, and what it proves itself with. */
  readonly heard: string[] = [];
  readonly certificate = selfSigned('127.0.0.1');
  private readonly take = (request: IncomingMessage, response: ServerResponse): void => {
    this.heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  };
  private readonly plain = http.createServer(this.take);
  private readonly secure = https.createServer(this.certificate, this.take);

  static async start(): Promise<Listener> {
    const listener = new Listener();
    for (const server of [listener.plain, listener.secure]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return listener;
  }

  /** `127.0.0.1:PORT`, over HTTP and over HTTPS. */
  get places(): readonly [string, string] {
    const place = (server: http.Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return [place(this.plain), place(this.secure)];
  }

  get url(): string {
    return `http://${this.places[0]}`;
  }

  get secureUrl(): string {
    return `https://${this.places[1]}`;
  }

  stop(): void {
    for (const server of [this.plain, this.secure]) {
      server.closeAllConnections();
      server.close();
    }
  }
}
