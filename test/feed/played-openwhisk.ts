/** An OpenWhisk with one trigger, which has a feed: it answers a firing as the test says, and notes what it took. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NewFileEvent } from '../../feed/event';

export interface PlayedOpenWhisk {
  readonly apihost: string;
  /** Every firing, in order. */
  readonly fired: NewFileEvent[];
  /** Those that got a 202. */
  readonly taken: NewFileEvent[];
  /** The status of the answer; undefined for none at all. */
  answer: (event: NewFileEvent) => number | undefined | Promise<number | undefined>;
  close(): void;
}

export async function playOpenWhisk(): Promise<PlayedOpenWhisk> {
  const fired: NewFileEvent[] = [];
  const taken: NewFileEvent[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.method !== 'POST') return void end(response, 200, { annotations: [{ key: 'feed', value: '/_/f' }] });
    const event = JSON.parse(body) as NewFileEvent;
    fired.push(event);
    const status = await played.answer(event);
    if (status === undefined) return;
    if (status === 202) taken.push(event);
    end(response, status, status === 202 ? { activationId: '1' } : { error: 'played' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const played: PlayedOpenWhisk = {
    apihost: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fired,
    taken,
    answer: () => 202,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return played;
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
