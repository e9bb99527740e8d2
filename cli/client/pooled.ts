/** Requests by undici: through the proxies of the environment, and for many requests, of which each takes less of the processor. */
import { EnvHttpProxyAgent, request } from 'undici';
import { UsageFailure, wordsOf } from '../failure';
import { CONNECT_TIMEOUT, readWhole, type Send, type Trust } from './transport';

/** @throws UsageFailure when HTTP_PROXY or HTTPS_PROXY is not a URL */
export function sendPooled(trust: Trust): Send {
  const dispatcher = openAgent(trust);
  return async (url, { method = 'GET', headers, body, largest }, signal) => {
    const answer = await request(url, { method, headers: { ...headers }, body: body ?? null, signal, dispatcher });
    const whole = await readWhole(answer.body, largest);
    return { status: answer.statusCode, headers: answer.headers, body: whole };
  };
}

function openAgent({ caCertificate, insecure }: Trust): EnvHttpProxyAgent {
  const ca = caCertificate === undefined ? {} : { ca: caCertificate };
  const connect = { ...ca, rejectUnauthorized: !insecure, timeout: CONNECT_TIMEOUT };
  // A service that does not answer has its end by the signal of the request.
  const patient = { headersTimeout: 0, bodyTimeout: 0 };
  try {
    return new EnvHttpProxyAgent({ connect, requestTls: connect, ...patient });
  } catch (error) {
    throw new UsageFailure(`HTTP_PROXY or HTTPS_PROXY is not a URL: ${wordsOf(error)}.`, 'Correct it, or unset it.');
  }
}
