/** Requests by undici: through the proxies of the environment, and for many requests, of which each takes less of the processor. */
import { EventEmitter } from 'node:events';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { UsageFailure, wordsOf } from '../failure';
import { CONNECT_TIMEOUT, limitTime, readWhole, type Send, type Trust } from './transport';

/** @param proxies whether to look for them. @throws UsageFailure when HTTP_PROXY or HTTPS_PROXY is not a URL */
export function sendPooled(trust: Trust, proxies: boolean): Send {
  const dispatcher = openAgent(trust, proxies);
  return async (url, asked) => {
    const { method = 'GET', headers, body, largest, signal } = asked;
    const end = new EventEmitter();
    const options = { method, headers: { ...headers }, body: body ?? null, signal: signal ?? end, dispatcher };
    const work = async () => {
      const answer = await request(url, options);
      return { status: answer.statusCode, headers: answer.headers, body: await readWhole(answer.body, largest) };
    };
    return limitTime(asked, () => end.emit('abort'), work);
  };
}

function openAgent({ caCertificate, insecure }: Trust, proxies: boolean): Dispatcher {
  const ca = caCertificate === undefined ? {} : { ca: caCertificate };
  const connect = { ...ca, rejectUnauthorized: !insecure, timeout: CONNECT_TIMEOUT };
  // A service that does not answer has its end by the time limit of the request, or by its signal.
  const patient = { headersTimeout: 0, bodyTimeout: 0 };
  if (!proxies) return new Agent({ connect, ...patient });
  try {
    return new EnvHttpProxyAgent({ connect, requestTls: connect, ...patient });
  } catch (error) {
    throw new UsageFailure(`HTTP_PROXY or HTTPS_PROXY is not a URL: ${wordsOf(error)}.`, 'Correct it, or unset it.');
  }
}
