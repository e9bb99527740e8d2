/** Requests by Node's own client: it is there in milliseconds, where undici, `fetch` too, takes a tenth of a second to load. */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { BoundedBody, CONNECT_TIMEOUT, limitTime, type Send, type Trust } from './transport';

/** Straight to the server, past any proxy; connections are kept. */
export function sendDirectly({ caCertificate, insecure }: Trust): Send {
  const ca = caCertificate === undefined ? {} : { ca: caCertificate };
  let plain: http.Agent | undefined;
  let secure: https.Agent | undefined;
  const start = (url: string, options: http.RequestOptions): http.ClientRequest => {
    if (new URL(url).protocol === 'https:') {
      secure ??= new https.Agent({ keepAlive: true, ...ca, rejectUnauthorized: !insecure });
      return https.request(url, { ...options, agent: secure });
    }
    plain ??= new http.Agent({ keepAlive: true });
    return http.request(url, { ...options, agent: plain });
  };
  return async (url, asked) => {
    const { method = 'GET', headers, body, largest, signal } = asked;
    const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
    const request = start(url, { method, headers: { ...headers, ...length }, signal });
    const late = setTimeout(
      () => request.destroy(new Error(`no connection within ${CONNECT_TIMEOUT / 1000} s`)),
      CONNECT_TIMEOUT,
    );
    const connected = () => clearTimeout(late);
    request.once('socket', (socket) => (socket.connecting ? socket.once('connect', connected) : connected()));
    // Also heard after the answer has begun: then the answer itself tells of it.
    request.on('error', connected);
    const work = async () => {
      request.end(body);
      const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
      const read = new BoundedBody(largest);
      for await (const chunk of answer) read.add(chunk);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: read.whole };
    };
    return limitTime(asked, (error) => request.destroy(error), work);
  };
}
