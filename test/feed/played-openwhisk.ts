/**
 * An OpenWhisk with one trigger, which has a feed and one rule: it answers a firing as the test says, and notes what it took.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NewFileEvent } from '../../feed/event';

/** How an activation ended, as its record tells it. */
export interface Ending {
  readonly status: 'success' | 'application error' | 'action developer error' | 'whisk internal error';
  readonly result?: object;
}

export const SUCCESS: Ending = { status: 'success', result: {} };
/** What the record of an action says whose sandbox was killed. */
export const KILLED: Ending = {
  status: 'action developer error',
  result: { error: 'The action did not produce a valid response and exited unexpectedly.' },
};

export interface PlayedOpenWhisk {
  readonly apihost: string;
  /** Every firing, in order. */
  readonly fired: NewFileEvent[];
  /** Those that got a 202. */
  readonly taken: NewFileEvent[];
  /** The status of the answer; undefined for none at all. */
  answer: (event: NewFileEvent) => number | undefined | Promise<number | undefined>;
  /** How the rule's action ends at the nth 202 of an event, n from 1; undefined while it has no record. */
  end: (event: NewFileEvent, attempt: number) => Ending | undefined;
  /** The lines in the record of the fired trigger. */
  logs: (action: string) => readonly object[];
  close(): void;
}

export async function playOpenWhisk(): Promise<PlayedOpenWhisk> {
  const fired: NewFileEvent[] = [];
  const taken: NewFileEvent[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const [, kind, number] = /\/activations\/(trigger|action)-(\d+)$/.exec(request.url ?? '') ?? [];
    if (kind !== undefined) return void answer(response, recordOf(kind, Number(number)));
    if (request.method !== 'POST') return void answer(response, { annotations: [{ key: 'feed', value: '/_/f' }] });
    const event = JSON.parse(body) as NewFileEvent;
    fired.push(event);
    const status = await played.answer(event);
    if (status === undefined) return;
    const activationId = `trigger-${taken.length}`;
    if (status === 202) taken.push(event);
    answer(response, status === 202 ? { activationId } : { error: 'played' }, status);
  }).listen(0, '127.0.0.1');
  const recordOf = (kind: string, number: number): object | undefined => {
    const event = taken[number];
    if (event === undefined) return undefined;
    const logs = played.logs(`action-${number}`).map((line) => JSON.stringify(line));
    if (kind === 'trigger') return { response: { status: 'success', result: event }, logs };
    const attempt = taken.slice(0, number + 1).filter(({ name }) => name === event.name).length;
    const ending = played.end(event, attempt);
    return ending && { response: ending, logs: [] };
  };
  await once(server, 'listening');
  const played: PlayedOpenWhisk = {
    apihost: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fired,
    taken,
    answer: () => 202,
    end: () => SUCCESS,
    logs: (activationId) => [
      { rule: 'guest/v3', action: 'guest/pdfmagic/v2', statusCode: 0, success: true, activationId },
    ],
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return played;
}

function answer(response: ServerResponse, body: object | undefined, status = body === undefined ? 404 : 200): void {
  const json = JSON.stringify(body ?? { error: 'The requested resource does not exist.' });
  response.writeHead(status, { 'content-type': 'application/json' }).end(json);
}
