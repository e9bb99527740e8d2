/** A service that a test plays, and a user of it: where the command is run, and what it is answered. */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { Cli } from './pdfmagic';

export const PDF = Buffer.from('%PDF-1.3 of the test');

/** How the service answers a request that it has read. */
export type Answer = (response: http.ServerResponse) => void;

export const pdf: Answer = (response) => void response.writeHead(200).end(PDF);
export const status =
  (code: number, body = '', headers = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);

/** A folder and servers for a test file; the servers end with each test, the folder with the last. */
export class Stage {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-cli-'));
  private readonly servers: (http.Server | https.Server)[] = [];

  constructor() {
    afterEach(() => {
      for (const server of this.servers.splice(0)) {
        server.close();
        server.closeAllConnections();
      }
    });
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** @returns the port, of loopback */
  async listen(server: http.Server | https.Server): Promise<number> {
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** A user of a stack with that URL, in an empty folder but for its outputs and a photograph. */
  userOf(url: string, more: object = {}, env: NodeJS.ProcessEnv = {}): Cli {
    const home = path.join(this.folder, 'user');
    rmSync(home, { recursive: true, force: true });
    const cli = new Cli(home, ['--outputs', 'outputs.json'], env);
    const outputs = {
      student: 'ada',
      apihost: url,
      page: `${url}/page`,
      endpoints: { v1: `${url}/convert/pdf` },
      buckets: { in: 'ada-in', out: 'ada-out' },
      storage: url,
      events: { source: 'local', deadLetters: `${url}/feed/dead-letters` },
      ...more,
    };
    cli.file('outputs.json', JSON.stringify(outputs));
    cli.file('photo.jpg');
    return cli;
  }

  /** A service that answers in turn, the last answer again and again; and a user of it. */
  async play(...answers: Answer[]): Promise<{ cli: Cli; asked: () => number }> {
    let asked = 0;
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => answers[Math.min(asked++, answers.length - 1)]?.(response));
    });
    return { cli: this.userOf(`http://127.0.0.1:${await this.listen(server)}`), asked: () => asked };
  }
}
